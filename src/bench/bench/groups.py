"""What is measured: one function per group, which returns its cases and says in one line what is left out and why."""
import json
import os
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from bench.daemon import Daemon
from bench.fleet import Fleet
from bench.measure import BenchmarkFailure, Case, check_output, output
from bench.report import Budget, Result

STATUS_SIZES = (1, 20, 200)
# Seconds to `--version` and `--help`; the form labelled `jvm` has its own budget.
NATIVE_START = 0.015
JVM_START = 0.2


@dataclass
class Setting:
    """What there is to measure with. `programs` are codchi's forms by label; the first is the one with the budgets."""

    programs: dict[str, str]
    daemon: Daemon | None
    machine: str | None
    prefix: str
    true: str

    @property
    def instance(self) -> str:
        return f"{self.prefix}-{self.machine}"

    @property
    def clients(self) -> list[str]:
        """The daemon's own command line programs, only if they are for the daemon that codchi talks to."""
        wanted = "incus" if self.daemon and "incus" in self.daemon.server().lower() else "lxc"
        return [wanted] if shutil.which(wanted) else []


@dataclass
class Group:
    result: Result
    cases: list[Case]
    fleets: list[Fleet] = field(default_factory=list)
    uncounted: int = 0

    def add(self, case: Case) -> None:
        self.cases.append(case)
        if case.subject:
            self.result.subjects.append(case.name)
        self.result.commands[case.name] = shlex.join(case.command) if case.command else "calls inside the benchmark's process"

    def skip(self, line: str) -> None:
        if line not in self.result.skipped:
            self.result.skipped.append(line)


def _without(file: Path) -> Callable[[], None]:
    """Removes what the run before has written."""
    return lambda: file.unlink(missing_ok=True)


def _codchi(group: Group, setting: Setting, *arguments: str, ending: str = "", **more) -> list[Case]:
    added = []
    for label, program in setting.programs.items():
        case = Case(f"{label} {arguments[0]} {ending}".strip(), [program, *arguments], subject=True, **more)
        group.add(case)
        added.append(case)
    if not setting.programs:
        group.skip("codchi: no program; run `./mvnw package` or name one with --codchi")
    return added


def _needs_machine(group: Group, setting: Setting) -> bool:
    if not setting.daemon:
        group.skip("everything: no daemon's socket found; see `src/test/e2e/testbed up`")
    elif not setting.machine:
        group.skip(f"everything: no running machine (an instance {setting.prefix}-NAME); name one with --machine")
    return bool(setting.daemon and setting.machine)


def start(setting: Setting) -> Group:
    """The time to say something that needs no daemon."""
    group = Group(Result("start", "Start-up"), [])
    for argument in ("--version", "--help"):
        for label, case in zip(setting.programs, _codchi(group, setting, argument)):
            limit = JVM_START if label == "jvm" else NATIVE_START
            group.result.budgets.append(Budget(f"`{case.name}` takes at most {limit * 1000:.0f} ms", case.name, seconds=limit))
    for peer in ("lxc", "incus", "podman"):
        if shutil.which(peer):
            group.add(Case(f"{peer} --version", [peer, "--version"]))
        else:
            group.skip(f"{peer} --version: not installed")
    group.add(Case("true (start and end of any process)", ["true"]))
    return group


def _container_peers(group: Group, setting: Setting) -> None:
    container = os.environ.get("CODCHI_BENCH_PODMAN")
    if container and shutil.which("podman"):
        group.add(Case("podman exec", ["podman", "exec", container, "true"]))
        label = subprocess.run(["podman", "inspect", "--format", "{{.Config.Labels.manager}}", container], capture_output=True,
                               text=True, timeout=30, check=True).stdout.strip()
        if shutil.which("distrobox") and label == "distrobox":
            group.add(Case("distrobox enter", ["distrobox", "enter", container, "--", "true"]))
        else:
            group.skip("distrobox enter: not installed, or the container of CODCHI_BENCH_PODMAN was not made by it")
    else:
        group.skip("podman exec, distrobox enter: CODCHI_BENCH_PODMAN does not name a running container, or not installed")


def enter(setting: Setting) -> Group:
    """The time to run a command in a running machine."""
    note = (f"Runs `{setting.true}` in a running machine. codchi runs it as the machine's user with the login environment; the daemon's "
            "client and the raw calls run it as root with the daemon's own. `nsenter` goes around the daemon: nothing can be faster.")
    group = Group(Result("exec", "exec in a running machine", note), [])
    if not _needs_machine(group, setting):
        return group
    daemon, instance = setting.daemon, setting.instance
    code, _, errors = daemon.exec(instance, [setting.true])
    if code != 0:
        raise BenchmarkFailure(f"{setting.true} in {instance} ended with {code}: {errors.decode(errors='replace').strip()}"
                               " (set CODCHI_BENCH_TRUE to a program in the machine that does nothing)")
    subjects = _codchi(group, setting, "exec", setting.machine, "--", setting.true)
    for case in subjects:
        probe = Case(case.name, [*case.command[:4], "/bin/sh", "-c", "printf '%s|' \"$@\"; exit 42", "x", "a b", "$HOME", '"'], expect=42)
        check_output(probe, b'a b|$HOME|"|')
    for client in setting.clients:
        group.add(Case(f"{client} exec", [client, "exec", instance, "--", setting.true]))
        for case in subjects[:1]:
            group.result.budgets.append(Budget(f"`{case.name}` takes no longer than `{client} exec`", case.name, f"{client} exec", 1.0))
    if not setting.clients:
        group.skip("the daemon's own client: not installed")

    def streams() -> None:
        if daemon.exec(instance, [setting.true])[0] != 0:
            raise BenchmarkFailure(f"raw REST exec of {setting.true} failed")

    group.add(Case("raw REST calls, no process", call=streams))
    if os.geteuid() == 0 and shutil.which("nsenter"):
        group.add(Case("nsenter", ["nsenter", "-t", str(daemon.pid(instance)), "--all", setting.true]))
    else:
        group.skip("nsenter: takes root")
    _container_peers(group, setting)
    return group


def cold(setting: Setting) -> Group:
    """The time from a stopped machine to the end of a command in it."""
    group = Group(Result("cold", "exec in a stopped machine",
                         "The machine is stopped before each run (not timed). The raw calls start it and run `codchi-wait`, which waits for its boot."), [])
    if not _needs_machine(group, setting):
        return group
    daemon, instance = setting.daemon, setting.instance
    wait = ["/nix/var/nix/profiles/system/sw/bin/codchi-wait"]

    def stop() -> None:
        if daemon.get(f"/1.0/instances/{instance}")["status"] == "Running":
            daemon.change_state(instance, "stop")

    def raw() -> None:
        daemon.change_state(instance, "start")
        code, _, errors = daemon.exec(instance, wait)
        if code != 0:
            raise BenchmarkFailure(f"{wait[0]} ended with {code}: {errors.decode(errors='replace').strip()}")

    _codchi(group, setting, "exec", setting.machine, "--", setting.true, prepare=stop)
    group.add(Case("raw REST calls: start, codchi-wait", call=raw, prepare=stop))
    return group


def status(setting: Setting) -> Group:
    """How the time of `status`, and the number of its calls, grow with the number of machines."""

    def check(case: Case, size: int) -> None:
        listed = json.loads(output(case))
        if len(listed.get("machines", ())) != size:
            raise BenchmarkFailure(f"{case.name}: `status --json` does not list {_machines(size)}: {json.dumps(listed)[:300]}")

    group = _with_fleets(setting, Result("status", "status with many machines"), "status", ["status", "--json"], check)
    for label in setting.programs:
        few, many = (f"{label} status, {_machines(size)}" for size in (STATUS_SIZES[0], STATUS_SIZES[-1]))
        group.result.budgets.append(Budget(f"`{many}` takes less than twice as long as with one", many, few, 2.0))
    return group


def complete(setting: Setting) -> Group:
    """How long a shell waits for the names of machines."""

    def check(case: Case, size: int) -> None:
        names = output(case).split()
        if len(names) != size:
            raise BenchmarkFailure(f"{case.name}: {len(names)} names instead of {size}")

    group = _with_fleets(setting, Result("complete", "completion of machines' names"), "complete", ["complete", "--", "exec", ""], check)
    for label in setting.programs:
        many = f"{label} complete, {_machines(STATUS_SIZES[-1])}"
        limit = JVM_START if label == "jvm" else NATIVE_START
        group.result.budgets.append(Budget(f"`{many}` takes at most {limit * 1000:.0f} ms", many, seconds=limit))
    return group


def _with_fleets(setting: Setting, result: Result, name: str, arguments: list[str], check) -> Group:
    result.note = "A program that speaks the daemon's protocol answers for the machines; there are no containers behind it."
    group = Group(result, [])
    if not setting.programs:
        _codchi(group, setting, *arguments)
        return group
    command = os.environ.get("CODCHI_BENCH_FLEET") or shlex.quote(str(Path(__file__).resolve().parent.parent / "fleet"))
    for size in STATUS_SIZES:
        fleet = Fleet(command, size)
        FINALLY.append(fleet.close)
        group.fleets.append(fleet)
        for label, program in setting.programs.items():
            case = Case(f"{label} {name}, {_machines(size)}", [program, *arguments], environment=fleet.environment, subject=True)
            check(case, size)
            group.add(case)
    return group


def _machines(size: int) -> str:
    return f"{size} machine{'s' * (size > 1)}"


def count_calls(group: Group) -> None:
    """Adds to the result how many requests each run made; to be called when all runs are done."""
    runs = sum(len(samples) for samples in group.result.samples.values()) // max(len(group.fleets), 1)
    counts = [fleet.close() for fleet in group.fleets]
    if counts and None not in counts:
        # The runs that are not counted, of the warm-up and the check, make requests like any other.
        runs += group.uncounted * len(group.result.samples) // len(group.fleets)
        group.result.note += " Requests to the daemon per run: " + ", ".join(
            f"{count / runs:g} with {_machines(size)}" for size, count in zip(STATUS_SIZES, counts)) + "."


def archive(setting: Setting) -> Group:
    """`codchi tar` against plain tar of the same tree."""
    group = Group(Result("tar", "tar", "Plain `tar` packs the tree that codchi's own archive unpacks to, so both write the same files."), [])
    if not _needs_machine(group, setting):
        return group
    if os.geteuid() != 0:
        group.skip("everything: the archive can only be unpacked with its owners by root")
        return group
    if not setting.programs:
        _codchi(group, setting, "tar")
        return group
    work = Path(tempfile.mkdtemp(prefix="codchi-bench-"))
    FINALLY.append(lambda: shutil.rmtree(work))
    file, tree = work / "machine.tar", work / "tree"
    arguments = [a.format(machine=setting.machine, file=file)
                 for a in shlex.split(os.environ.get("CODCHI_BENCH_TAR", "tar {machine} {file}"))]
    program = next(iter(setting.programs.values()))
    file.unlink(missing_ok=True)
    done = subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0 or not file.exists():
        raise BenchmarkFailure(f"{shlex.join([program, *arguments])} made no archive: {done.stderr[-500:].decode(errors='replace')}")
    size = file.stat().st_size
    tree.mkdir()
    subprocess.run(["tar", "-xpf", file, "-C", tree], check=True)
    group.result.note += f" Size of the archive: {size / 1e6:.0f} MB."
    for ending, packing in (("", []), (".zst", ["--use-compress-program=zstd -q -T0"])):
        if packing and not shutil.which("zstd"):
            group.skip("tar .zst: zstd is not installed")
            continue
        target, plain = Path(f"{file}{ending}"), work / f"plain.tar{ending}"
        subjects = _codchi(group, setting, *[a.replace(str(file), str(target)) for a in arguments],
                           prepare=_without(target), ending=ending)
        name = f"tar {ending}".strip()
        packer = ["tar", "--numeric-owner", *packing, "-cf", str(plain), "-C", str(tree), "."]
        group.add(Case(f"{name}, sync", ["sh", "-c", '"$@" && sync "$0"', str(plain), *packer], prepare=_without(plain)))
        group.add(Case(name, packer, prepare=_without(plain)))
        group.result.budgets.append(
            Budget(f"`codchi tar {ending}`".replace(" `", "`") + f" has at least 0.9 times the throughput of `{name}`", subjects[0].name, name, 1 / 0.9))
    return group


def rebuild(setting: Setting) -> Group:
    """A rebuild that has nothing to do."""
    group = Group(Result("rebuild", "rebuild with nothing to do",
                         "The round trips are those that no rebuild can do without: read the server, the machine and the store, and run one "
                         "nix command in the store."), [])
    if not _needs_machine(group, setting):
        return group
    store = setting.prefix + "store"
    nix = ["/nix/var/nix/profiles/default/bin/nix-store", "--version"]

    def trips() -> None:
        setting.daemon.get("/1.0")
        setting.daemon.get(f"/1.0/instances/{setting.instance}")
        setting.daemon.get(f"/1.0/instances/{store}")
        code, _, errors = setting.daemon.exec(store, nix)
        if code != 0:
            raise BenchmarkFailure(f"{nix[0]} in {store} ended with {code}: {errors.decode(errors='replace').strip()}")

    raw = Case("round trips to the daemon", call=trips)
    subjects = _codchi(group, setting, "rebuild", setting.machine)
    group.add(raw)
    for case in subjects[:1]:
        group.result.budgets.append(Budget("a rebuild with nothing to do takes at most 0.3 s more than the round trips",
                                           case.name, raw.name, 1.0, 0.3))
    return group


def compare(commands: list[str]) -> Group:
    """Any commands, against each other; the first is the subject."""
    group = Group(Result("compare", "Commands given on the command line"), [])
    for number, text in enumerate(commands):
        label, equals, command = text.partition("=")
        if not equals or not shlex.split(command):
            raise BenchmarkFailure(f"--compare takes LABEL=COMMAND, not {text!r}")
        group.add(Case(label, shlex.split(command), subject=number == 0))
    return group


GROUPS = {"start": start, "exec": enter, "cold": cold, "status": status, "complete": complete, "tar": archive, "rebuild": rebuild}
# What has to be undone at the end, last first.
FINALLY: list = []
