"""Starts the timed commands. Runs as a process of its own that imports nothing but built-in modules.

Linux carries the resident set that a child had before it executed its program, which is its parent's, into the child's
maximum. A parent of 8 MB keeps that out of the figures; the benchmark program itself has three times as much.

Requests and answers are marshalled tuples on stdin and stdout:
    (argv, environment as "NAME=VALUE" list, file for stderr, timeout in seconds)
    (wall seconds, processor seconds, resident set in bytes, exit code or -signal, timed out)  or  (error number,)
"""
import _signal as signal
import marshal
import posix
import time


def run(argv, environment, errors, timeout):
    late = []
    actions = [(posix.POSIX_SPAWN_OPEN, 0, "/dev/null", posix.O_RDONLY, 0),
               (posix.POSIX_SPAWN_OPEN, 1, "/dev/null", posix.O_WRONLY, 0),
               (posix.POSIX_SPAWN_OPEN, 2, errors, posix.O_WRONLY | posix.O_CREAT | posix.O_TRUNC, 0o600)]
    environment = dict(pair.split("=", 1) for pair in environment)
    start = time.perf_counter()
    try:
        pid = posix.posix_spawn(argv[0], argv, environment, file_actions=actions)
    except OSError as e:
        return (e.errno,)

    def kill(*_):
        late.append(True)
        posix.kill(pid, signal.SIGKILL)

    # The timer's signal interrupts wait4: no thread, no poll.
    signal.signal(signal.SIGALRM, kill)
    signal.setitimer(signal.ITIMER_REAL, timeout)
    _, status, usage = posix.wait4(pid, 0)
    wall = time.perf_counter() - start
    signal.setitimer(signal.ITIMER_REAL, 0)
    return wall, usage[0] + usage[1], usage[2] * 1024, posix.waitstatus_to_exitcode(status), bool(late)


def main():
    with open(0, "rb") as requests, open(1, "wb") as answers:
        while True:
            try:
                request = marshal.load(requests)
            except EOFError:
                return
            marshal.dump(run(*request), answers)
            answers.flush()


main()
