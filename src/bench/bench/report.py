"""Tables (Markdown), data (JSON) and a chart (SVG) of the results."""
from dataclasses import asdict, dataclass, field
from html import escape

from bench.measure import Sample, Summary, summarize


@dataclass(frozen=True)
class Budget:
    """A promise: the median of `subject` is at most `factor` times that of `over`, plus `seconds`."""

    text: str
    subject: str
    over: str | None = None
    factor: float = 0.0
    seconds: float = 0.0


@dataclass
class Result:
    """The results of one group of cases. The first subject is what the ratios are about."""

    name: str
    title: str
    note: str = ""
    subjects: list[str] = field(default_factory=list)
    commands: dict[str, str] = field(default_factory=dict)
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    budgets: list[Budget] = field(default_factory=list)

    def summaries(self) -> dict[str, Summary]:
        return {name: summarize(samples) for name, samples in self.samples.items()}

    def verdicts(self) -> list[str]:
        """One line for each budget whose two sides were measured."""
        found, lines = self.summaries(), []
        for b in self.budgets:
            if b.subject not in found or (b.over and b.over not in found):
                continue
            limit = b.seconds + (b.factor * found[b.over].median if b.over else 0)
            value = found[b.subject].median
            verdict = "met" if value <= limit else "MISSED"
            lines.append(f"{b.text}: {verdict} ({duration(value)} of {duration(limit)} allowed, {value / limit:.2f})")
        return lines


def duration(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def memory(size: int | None, floor: int) -> str:
    if size is None:
        return "–"
    near = size <= floor * 1.1
    return f"{'≤ ' if near else ''}{max(size, floor) / 1e6:.1f} MB"


def markdown(results: list[Result], machine: dict, floor: int) -> str:
    lines = ["# Benchmarks", "", f"{machine['date']}, {machine['processor']} × {machine['processors']}, {machine['memory']}, "
             f"{machine['system']}, Linux {machine['kernel']}" + "".join(f", {v}" for v in machine["versions"]) + ".", "",
             "Medians of whole processes, interleaved; *10–90 %* is the middle four fifths of the runs. *Ratio* is the time of the first "
             "row's program divided by that of the row: below 1 it is the faster one. Memory is the largest resident set (`wait4`), "
             f"which cannot be told apart below {floor / 1e6:.1f} MB.", ""]
    for r in results:
        lines += [f"## {r.title}", ""]
        if r.note:
            lines += [r.note, ""]
        found = r.summaries()
        if not found and not r.skipped:
            lines += ["Not measured because of an error.", ""]
        if found:
            base = next((found[s] for s in r.subjects if s in found), None)
            lines += ["| | runs | median | 10–90 % | processor | memory | ratio |", "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
            for name, s in found.items():
                cpu = "–" if s.cpu is None else duration(s.cpu)
                ratio = "–" if base is None else f"{base.median / s.median:.2f}"
                lines.append(f"| {name} | {s.runs} | {duration(s.median)} | {duration(s.low)} – {duration(s.high)} | {cpu} "
                             f"| {memory(s.rss, floor)} | {ratio} |")
            lines.append("")
        lines += [f"- {line}" for line in r.verdicts()]
        lines += [f"- skipped: {line}" for line in r.skipped]
        if r.verdicts() or r.skipped:
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def as_json(results: list[Result], machine: dict, floor: int) -> dict:
    """Everything, each single run included; times in seconds, sizes in bytes. `version` changes with the shape."""
    return {"version": 1, "machine": machine, "rss_floor": floor, "groups": [
        {"name": r.name, "title": r.title, "note": r.note, "subjects": r.subjects, "skipped": r.skipped, "budgets": r.verdicts(),
         "cases": [{"name": name, "command": r.commands.get(name), "summary": asdict(summarize(samples)),
                    "samples": [asdict(s) for s in samples]} for name, samples in r.samples.items()]}
        for r in results]}


_STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 14px; font-weight: 600 }
  .value { fill: #57606a }
  .peer { fill: #9aa4b2 }
  .subject { fill: #2f81f7 }
  .spread { stroke: #57606a; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .value { fill: #9aa4b2 } .peer { fill: #57606a } .spread { stroke: #9aa4b2 } }
"""


def svg(results: list[Result]) -> str:
    """One block of bars for each group, each block with its own scale; lines show the middle four fifths."""
    label, bar, row, width = 260, 400, 22, 780
    parts, y = [], 10
    for r in results:
        found = r.summaries()
        if not found:
            continue
        y += 22
        parts.append(f'<text class="title" x="10" y="{y}">{escape(r.title)}</text>')
        scale = bar / max(s.high for s in found.values())
        for name, s in found.items():
            y += row
            kind = "subject" if name in r.subjects else "peer"
            middle, end = y - 4, label + s.median * scale
            parts.append(f'<text x="{label - 8}" y="{y}" text-anchor="end">{escape(name)}</text>')
            parts.append(f'<rect class="{kind}" x="{label}" y="{y - 11}" width="{max(end - label, 1):.1f}" height="14" rx="2"/>')
            parts.append(f'<line class="spread" x1="{label + s.low * scale:.1f}" x2="{label + s.high * scale:.1f}" '
                         f'y1="{middle}" y2="{middle}"/>')
            parts.append(f'<text class="value" x="{label + max(s.high, s.median) * scale + 8:.1f}" y="{y}">{duration(s.median)}</text>')
        y += 14
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y + 10}" viewBox="0 0 {width} {y + 10}" '
            f'role="img" aria-label="Benchmark results">\n<style>{_STYLE}</style>\n' + "\n".join(parts) + "\n</svg>\n")
