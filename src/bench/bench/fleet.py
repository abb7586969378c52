"""Many machines without containers: a program from outside answers for them.

The program is `fleet` beside this package, or the command line in `CODCHI_BENCH_FLEET`. With a number appended it must
answer like a daemon for that many running machines, print the environment that leads codchi to them as lines
`NAME=VALUE` and then an empty line, stay until its standard input ends, and then print `REQUESTS=COUNT`.
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

    def close(self) -> int | None:
        """Ends the program; how many requests it answered, if it says so. Closing twice does nothing."""
        if self.process.stdin.closed:
            return None
        self.process.stdin.close()
        said = self.process.stdout.read()
        self.process.stdout.close()
        self.process.wait(timeout=30)
        return next((int(line.removeprefix("REQUESTS=")) for line in said.splitlines() if line.startswith("REQUESTS=")), None)
