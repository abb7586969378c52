"""The command line: which groups run, with what, and where the results go."""
import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from bench import groups, report
from bench.daemon import Daemon, DaemonError, find_socket
from bench.measure import BenchmarkFailure, Spawner, interleave, rss_floor

PROJECT = Path(__file__).resolve().parents[3]
MINIMUM_RUNS = 30


def parse(arguments: list[str]) -> argparse.Namespace:
    p = argparse.ArgumentParser(prog="src/bench/run", description="Times codchi and its peers side by side; see src/bench/README.md.")
    p.add_argument("group", nargs="*", choices=[[], *groups.GROUPS], help="what to measure (default: everything)")
    p.add_argument("--codchi", action="append", metavar="[LABEL=]PATH", default=[],
                   help="a form of codchi to measure, more than once for several (default: target/codchi)")
    p.add_argument("--machine", default=os.environ.get("CODCHI_BENCH_MACHINE"), help="the machine to use (default: the first that runs)")
    p.add_argument("--runs", type=int, default=MINIMUM_RUNS, help="timed runs of each command (default: %(default)s)")
    p.add_argument("--warmup", type=int, default=3, help="runs before those (default: %(default)s)")
    p.add_argument("--out", type=Path, default=PROJECT / "target" / "bench", help="directory of the results (default: target/bench)")
    p.add_argument("--compare", action="append", metavar="LABEL=COMMAND", default=[],
                   help="only measure these commands against each other; the first is the subject")
    options = p.parse_args(arguments)
    if options.runs < 1 or options.warmup < 0:
        p.error("--runs must be at least 1 and --warmup at least 0")
    return options


def programs(given: list[str]) -> dict[str, str]:
    found = {}
    for text in given or [str(PROJECT / "target" / "codchi")]:
        label, equals, path = text.partition("=")
        label, path = (label, path) if equals else ("codchi", text)
        if not os.access(path, os.X_OK):
            if given:
                raise BenchmarkFailure(f"--codchi {text}: {path} is not a program")
            continue
        found[label] = str(Path(path).resolve())
    return found


def find_setting(options: argparse.Namespace) -> groups.Setting:
    prefix = os.environ.get("CODCHI_INSTANCE_PREFIX", "codchi")
    path = find_socket()
    daemon, machine = None, options.machine
    if path:
        daemon = Daemon(path)
        try:
            running = daemon.running(prefix + "-")
        except (OSError, DaemonError) as e:
            say(f"the daemon at {path} does not answer: {e}")
            daemon = None
        else:
            machine = machine or (running[0].removeprefix(prefix + "-") if running else None)
    return groups.Setting(programs(options.codchi), daemon, machine, prefix,
                          os.environ.get("CODCHI_BENCH_TRUE", "/run/current-system/sw/bin/true"))


def describe(setting: groups.Setting) -> dict:
    """The machine and the versions that the figures belong to."""
    def first(path: str, key: str) -> str:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            name, _, value = line.replace("=", ":", 1).partition(":")
            if name.strip() == key:
                return value.strip().strip('"')
        return "unknown"

    def output(*command: str) -> str:
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT)
        except (OSError, subprocess.CalledProcessError):
            return "unknown"
        return (done.stdout.strip().splitlines() or ["unknown"])[0]

    versions = [f"{label}: {output(path, '--version')}" for label, path in setting.programs.items()]
    if setting.daemon:
        versions.append(setting.daemon.server())
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": first("/proc/cpuinfo", "model name"),
        "processors": len(os.sched_getaffinity(0)),
        "memory": f"{int(first('/proc/meminfo', 'MemTotal').split()[0]) / 1e6:.0f} GB",
        "system": first("/etc/os-release", "PRETTY_NAME"),
        "kernel": platform.release(),
        "commit": output("git", "rev-parse", "--short", "HEAD"),
        "versions": versions,
        "load": os.getloadavg()[0],
    }


def say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def measure(group: groups.Group, spawner: Spawner, options: argparse.Namespace) -> None:
    terminal = sys.stderr.isatty()

    def progress(done: int) -> None:
        if terminal:
            print(f"\rbench: {group.result.name} {done}/{options.runs}", end="\n" if done == options.runs else "", file=sys.stderr, flush=True)

    if group.cases:
        say(f"{group.result.name}: {len(group.cases)} commands, {options.runs} runs each")
        group.result.samples = interleave(spawner, group.cases, options.runs, options.warmup, progress)
        group.uncounted = options.warmup + 1
        groups.count_calls(group)
    for line in group.result.skipped:
        say(f"{group.result.name}: skipped {line}")


def write(results: list[report.Result], machine: dict, floor: int, out: Path) -> str:
    table = report.markdown(results, machine, floor)
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.json").write_text(json.dumps(report.as_json(results, machine, floor), indent=1) + "\n", encoding="utf-8")
    (out / "results.md").write_text(table, encoding="utf-8")
    (out / "results.svg").write_text(report.svg(results), encoding="utf-8")
    return table


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    spawner = Spawner()
    try:
        return run(options, spawner)
    except BenchmarkFailure as e:
        say(f"error: {e}")
        return 1
    finally:
        while groups.FINALLY:
            groups.FINALLY.pop()()
        spawner.close()


def run(options: argparse.Namespace, spawner: Spawner) -> int:
    floor = rss_floor(spawner)
    setting = find_setting(options)
    machine = describe(setting)
    if options.runs < MINIMUM_RUNS:
        say(f"fewer than {MINIMUM_RUNS} runs are good for a first look only")
    if machine["load"] > machine["processors"] / 2:
        say(f"warning: the machine is busy (load {machine['load']:.1f}), so times are not dependable")
    makers = {"compare": lambda: groups.compare(options.compare)} if options.compare else \
        {name: lambda make=groups.GROUPS[name]: make(setting) for name in options.group or groups.GROUPS}
    results, failed = [], []
    for name, make in makers.items():
        try:
            group = make()
            results.append(group.result)
            measure(group, spawner, options)
        except (BenchmarkFailure, DaemonError, OSError) as e:
            # The other groups still say something, but the run as a whole has failed.
            say(f"error: {name}: {e}")
            failed.append(name)
    print(write(results, machine, floor, options.out), end="")
    say(f"written to {options.out}/results.{{md,json,svg}}")
    if failed:
        say(f"not measured because of errors: {', '.join(failed)}")
    return 1 if failed else 0
