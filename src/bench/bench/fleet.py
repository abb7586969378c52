"""Many machines without containers: a program from outside answers for them.

`CODCHI_BENCH_FLEET` is a command line. With a number appended it must answer like a daemon for that many running
machines, print the environment that leads codchi to them as lines `NAME=VALUE`, then an empty line, and stay until its
standard input ends.
"""
import shlex
import subprocess

from bench.measure import BenchmarkFailure


class Fleet:
    def __init__(self, command: str, size: int):
        self.environment: dict[str, str] = {}
        arguments = [*shlex.split(command), str(size)]
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            line = line.rstrip("\n")
            if not line:
                return
            name, equals, value = line.partition("=")
            if not equals:
                break
            self.environment[name] = value
        self.close()
        raise BenchmarkFailure(f"{shlex.join(arguments)} did not print NAME=VALUE lines and an empty line, exit code {self.process.returncode}")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=30)
