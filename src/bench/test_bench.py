"""Tests of the measuring itself: `python3 -m unittest discover -s src/bench`. No test depends on how fast the machine is."""
import http.server
import json
import os
import socketserver
import sys
import tempfile
import threading
import unittest
import xml.dom.minidom
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))

from bench import groups, report  # noqa: E402
from bench.daemon import Daemon, DaemonError, find_socket  # noqa: E402
from bench.fleet import Fleet  # noqa: E402
from bench.measure import (BenchmarkFailure, Case, Sample, Spawner, check_output, interleave, quantile,  # noqa: E402
                           rss_floor, summarize)

PYTHON = sys.executable


class Measuring(unittest.TestCase):
    def setUp(self):
        self.spawner = Spawner()
        self.addCleanup(self.spawner.close)

    def test_every_round_runs_every_case_once_in_changing_order(self):
        calls = []
        cases = [Case(name, call=lambda name=name: calls.append(name)) for name in "abc"]
        samples = interleave(self.spawner, cases, runs=20, warmup=2)
        self.assertEqual(calls[:6], ["a", "a", "b", "b", "c", "c"])
        rounds = [tuple(calls[6 + 3 * i:9 + 3 * i]) for i in range(20)]
        self.assertTrue(all(sorted(r) == ["a", "b", "c"] for r in rounds))
        self.assertGreater(len(set(rounds)), 2)
        self.assertEqual({n: len(s) for n, s in samples.items()}, {"a": 20, "b": 20, "c": 20})

    def test_prepare_runs_before_each_run(self):
        calls = []
        case = Case("x", call=lambda: calls.append("run"), prepare=lambda: calls.append("prepare"))
        interleave(self.spawner, [case], runs=2, warmup=1)
        self.assertEqual(calls, ["prepare", "run"] * 3)

    def test_a_sleeping_process_takes_wall_time_but_no_processor_time(self):
        sample = self.spawner.run(Case("sleep", ["sleep", "0.2"]))
        self.assertGreaterEqual(sample.wall, 0.2)
        self.assertLess(sample.cpu, sample.wall)

    def test_memory_is_that_of_the_command_and_not_of_this_process(self):
        ballast = bytearray(os.urandom(1)) * 100_000_000
        floor = rss_floor(self.spawner)
        self.assertLess(floor, 20_000_000)
        big = self.spawner.run(Case("big", [PYTHON, "-c", "x = bytearray(b'x') * 60_000_000"]))
        self.assertGreater(big.rss, 60_000_000)
        self.assertLess(big.rss, 60_000_000 + 40_000_000)
        del ballast

    def test_the_environment_of_a_case_reaches_its_command(self):
        check = "import os, sys; sys.exit(os.environ['BENCH_X'] != 'a=b c')"
        self.spawner.run(Case("env", [PYTHON, "-c", check], environment={"BENCH_X": "a=b c"}))

    def test_wrong_exit_code_fails_with_what_was_said_on_stderr(self):
        with self.assertRaisesRegex(BenchmarkFailure, "ended with 3, not 0(?s:.*)it broke"):
            self.spawner.run(Case("x", ["sh", "-c", "echo it broke >&2; exit 3"]))
        self.spawner.run(Case("x", ["sh", "-c", "exit 3"], expect=3))

    def test_death_by_signal_fails(self):
        with self.assertRaisesRegex(BenchmarkFailure, "ended with -15"):
            self.spawner.run(Case("x", ["sh", "-c", "kill -TERM $$"]))

    def test_a_command_that_hangs_is_killed_and_the_next_one_runs(self):
        with self.assertRaisesRegex(BenchmarkFailure, "took longer than 0.2 s"):
            self.spawner.run(Case("x", ["sleep", "60"], timeout=0.2))
        self.spawner.run(Case("y", ["true"]))

    def test_missing_program_and_wrong_output_fail(self):
        with self.assertRaisesRegex(BenchmarkFailure, "no program"):
            self.spawner.run(Case("x", ["no-such-program-here"]))
        with self.assertRaisesRegex(BenchmarkFailure, "expected b'b'"):
            check_output(Case("x", ["printf", "a"]), b"b")
        check_output(Case("x", ["printf", "a"]), b"a")


class Statistics(unittest.TestCase):
    def test_quantiles(self):
        self.assertEqual([quantile([4, 1, 3, 2, 5], q) for q in (0, 0.1, 0.5, 1)], [1, 1.4, 3, 5])
        self.assertEqual(quantile([7.0], 0.9), 7.0)

    def test_summary_of_calls_has_no_memory(self):
        s = summarize([Sample(3.0), Sample(1.0), Sample(2.0)])
        self.assertEqual((s.runs, s.median, s.cpu, s.rss), (3, 2.0, None, None))

    def test_budgets(self):
        r = report.Result("g", "G", samples={"a": [Sample(0.3)], "b": [Sample(0.2)]}, budgets=[
            report.Budget("a", "a", "b", 1.0), report.Budget("b", "a", "b", 1.0, 0.2), report.Budget("c", "a", "missing", 1.0)])
        lines = r.verdicts()
        self.assertEqual(len(lines), 2)
        self.assertIn("MISSED", lines[0])
        self.assertIn(": met", lines[1])


class Reports(unittest.TestCase):
    RESULT = report.Result("g", "A & <B>", subjects=["x<y"], samples={"x<y": [Sample(0.010, 0.004, 30_000_000)], "z": [Sample(0.020)]},
                           skipped=["w: not installed"])
    MACHINE = {"date": "2000-01-01", "processor": "P", "processors": 2, "memory": "1 GB", "system": "S", "kernel": "1", "versions": ["v"]}

    def test_table_has_the_ratio_to_the_first_subject(self):
        text = report.markdown([self.RESULT], self.MACHINE, 9_000_000)
        self.assertIn("| x<y | 1 | 10.0 ms | 10.0 ms – 10.0 ms | 4.0 ms | 30.0 MB | 1.00 |", text)
        self.assertIn("| z | 1 | 20.0 ms | 20.0 ms – 20.0 ms | – | – | 0.50 |", text)
        self.assertIn("- skipped: w: not installed", text)

    def test_chart_is_well_formed(self):
        chart = xml.dom.minidom.parseString(report.svg([self.RESULT]))
        widths = [float(r.getAttribute("width")) for r in chart.getElementsByTagName("rect")]
        self.assertAlmostEqual(widths[1] / widths[0], 2.0, places=1)

    def test_data_has_every_run(self):
        data = json.loads(json.dumps(report.as_json([self.RESULT], self.MACHINE, 1)))
        self.assertEqual(data["groups"][0]["cases"][0]["samples"], [{"wall": 0.010, "cpu": 0.004, "rss": 30_000_000}])


class Setting(unittest.TestCase):
    def test_without_anything_each_group_says_in_one_line_what_is_missing(self):
        nothing = groups.Setting({}, None, None, "codchi", "true")
        for name, make in groups.GROUPS.items():
            group = make(nothing)
            self.assertTrue(group.result.skipped, name)
            self.assertTrue(all("\n" not in line for line in group.result.skipped))

    def test_comparison_needs_a_label(self):
        with self.assertRaises(BenchmarkFailure):
            groups.compare(["just-a-command"])

    def test_fleet_of_another_program(self):
        with tempfile.TemporaryDirectory() as d:
            program = Path(d) / "fleet"
            program.write_text("#!/bin/sh\necho MACHINES=$1\necho\ncat > /dev/null\necho REQUESTS=7\n")
            program.chmod(0o755)
            fleet = Fleet(str(program), 20)
            self.assertEqual(fleet.environment, {"MACHINES": "20"})
            self.assertEqual(fleet.close(), 7)
            self.assertIsNone(fleet.close())
            with self.assertRaises(BenchmarkFailure):
                Fleet("echo nonsense", 1)

    def test_fleet_answers_for_its_machines_counts_requests_and_leaves_nothing(self):
        fleet = Fleet(str(Path(__file__).parent / "fleet"), 20)
        daemon = Daemon(fleet.environment["CODCHI_LXD_SOCKET"])
        self.assertEqual(daemon.server(), "lxd 5.0.2")
        names = daemon.running("codchi-")
        defined = sorted(p.parent.name for p in Path(fleet.environment["CODCHI_CONFIG_DIR"]).glob("machine/*/machine.json"))
        self.assertEqual([n.removeprefix("codchi-") for n in names], defined)
        self.assertEqual(len(defined), 20)
        with self.assertRaisesRegex(DaemonError, "only answers"):
            daemon.change_state("codchi-machine-001", "stop")
        self.assertEqual(fleet.close(), 2)
        self.assertFalse(Path(fleet.environment["CODCHI_CONFIG_DIR"]).exists())


class _Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        known = {"/1.0": {"type": "sync", "metadata": {"environment": {"server": "lxd", "server_version": "5"}}},
                 "/1.0/instances?recursion=1": {"type": "sync", "metadata": [
                     {"name": "codchi-a", "status": "Running"}, {"name": "codchi-b", "status": "Stopped"}, {"name": "other", "status": "Running"}]}}
        body = json.dumps(known.get(self.path, {"type": "error", "error": "not found"})).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

    def address_string(self):
        return "unix"


class RestClient(unittest.TestCase):
    def test_requests_over_a_unix_socket(self):
        with tempfile.TemporaryDirectory() as d:
            path = d + "/unix.socket"
            with socketserver.UnixStreamServer(path, _Answers) as server:
                threading.Thread(target=server.serve_forever, daemon=True).start()
                self.addCleanup(server.shutdown)
                self.assertEqual(find_socket({"LXD_DIR": d}), path)
                daemon = Daemon(path)
                self.assertEqual(daemon.server(), "lxd 5")
                self.assertEqual(daemon.running("codchi-"), ["codchi-a"])
                with self.assertRaisesRegex(DaemonError, "not found"):
                    daemon.pid("nobody")
                server.shutdown()


if __name__ == "__main__":
    unittest.main()
