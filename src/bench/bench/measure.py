"""Interleaved timing of commands as whole processes.

One round runs every case of a group once, in an order that is shuffled anew with a fixed seed, so that slow changes of
the machine (clock frequency, page cache, neighbours) meet all cases alike. Each case has its own warm-up runs, which
are not counted.
"""
import marshal
import os
import random
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable


class BenchmarkFailure(Exception):
    """A case did not do what it should; its times would mean nothing."""


@dataclass(frozen=True)
class Sample:
    """One run. Times in seconds; `rss` is the largest resident set in bytes, None for calls inside this process."""

    wall: float
    cpu: float | None = None
    rss: int | None = None


@dataclass
class Case:
    """Something to time: a command line, or a function called in this process (`call`).

    `prepare` runs before every timed run and is not timed. `expect` is the exit code of a correct run.
    """

    name: str
    command: list[str] | None = None
    call: Callable[[], None] | None = None
    prepare: Callable[[], None] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    expect: int = 0
    timeout: float = 300.0
    subject: bool = False

    def once(self, spawner: "Spawner") -> Sample:
        if self.prepare:
            self.prepare()
        if self.call:
            start = time.perf_counter()
            self.call()
            return Sample(time.perf_counter() - start)
        return spawner.run(self)


class Spawner:
    """The process that starts commands for this one; see spawner.py for why."""

    def __init__(self):
        program = [sys.executable, "-I", "-S", str(Path(__file__).with_name("spawner.py"))]
        self.process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, case: Case) -> Sample:
        """Runs the command of a case to its end; stdin and stdout are /dev/null, stderr is shown when it fails."""
        program = shutil.which(case.command[0])
        if program is None:
            raise BenchmarkFailure(f"{case.name}: there is no program {case.command[0]}")
        environment = [f"{name}={value}" for name, value in {**os.environ, **case.environment}.items()]
        with tempfile.NamedTemporaryFile() as errors:
            marshal.dump(([program, *case.command[1:]], environment, errors.name, case.timeout), self.process.stdin)
            self.process.stdin.flush()
            answer = marshal.load(self.process.stdout)
            if len(answer) == 1:
                raise BenchmarkFailure(f"{case.name}: cannot start {program}: {os.strerror(answer[0])}")
            wall, cpu, rss, code, late = answer
            if late or code != case.expect:
                text = errors.read()[-2000:].decode(errors="replace").strip()
                what = f"took longer than {case.timeout:g} s" if late else f"ended with {code}, not {case.expect}"
                raise BenchmarkFailure(f"{case.name} {what}: {shlex.join(case.command)}" + (f"\n{text}" if text else ""))
        return Sample(wall, cpu, rss)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def interleave(spawner: Spawner, cases: list[Case], runs: int, warmup: int, progress: Callable[[int], None] = lambda n: None,
                 seed: int = 1) -> dict[str, list[Sample]]:
    """Runs all cases `runs` times; returns the samples of each in the order in which they were taken."""
    order = random.Random(seed)
    samples: dict[str, list[Sample]] = {case.name: [] for case in cases}
    for case in cases:
        for _ in range(warmup):
            case.once(spawner)
    for done in range(runs):
        for case in order.sample(cases, len(cases)):
            samples[case.name].append(case.once(spawner))
        progress(done + 1)
    return samples


@dataclass(frozen=True)
class Summary:
    """What the tables show of a case. Times in seconds, `rss` in bytes (median of the runs' maxima)."""

    runs: int
    median: float
    low: float
    high: float
    cpu: float | None
    rss: int | None


def summarize(samples: list[Sample]) -> Summary:
    walls = [s.wall for s in samples]
    cpu = [s.cpu for s in samples if s.cpu is not None]
    rss = [s.rss for s in samples if s.rss is not None]
    return Summary(len(walls), statistics.median(walls), quantile(walls, 0.1), quantile(walls, 0.9),
                   statistics.median(cpu) if cpu else None, int(statistics.median(rss)) if rss else None)


def quantile(values: list[float], q: float) -> float:
    """The q-quantile by linear interpolation between the two nearest values."""
    ordered = sorted(values)
    position = q * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def rss_floor(spawner: Spawner) -> int:
    """The least resident set that can be seen, in bytes: the spawner's own. Values near it only say "not more than"."""
    return max(spawner.run(Case("true", ["true"])).rss for _ in range(3))


def output(case: Case) -> bytes:
    """Runs a case's command once, untimed, and returns its standard output."""
    result = subprocess.run(case.command, env={**os.environ, **case.environment}, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=case.timeout, check=False)
    if result.returncode != case.expect:
        raise BenchmarkFailure(f"{case.name} ended with {result.returncode}, not {case.expect}: {shlex.join(case.command)}\n"
                               f"{result.stderr[-2000:].decode(errors='replace').strip()}")
    return result.stdout


def check_output(case: Case, expected: bytes) -> None:
    """Runs a case's command once and compares its standard output, so that no wrong answer is timed."""
    found = output(case)
    if found != expected:
        raise BenchmarkFailure(f"{case.name}: expected {expected!r}, got {found[:200]!r}: {shlex.join(case.command)}")
