"""The tables that a run ends with."""

from tests.bench.scim.contender import Contender
from tests.bench.scim.goals import Verdict
from tests.bench.scim.rounds import Figure, Results


def say_figures(results: Results, contenders: list[Contender]) -> None:
    """Requests per second with p50 and p99, a row for each kind of request, a column for each contender."""
    names = [contender.name for contender in contenders]
    rows = [["requests/s (p50/p99 ms)", *names]]
    for kind in results.kinds():
        rows.append([kind, *(_shown(results.of(kind, name)) for name in names)])
    rows.append(["memory after it, MiB", *(f"{contender.memory_mib():.0f}" for contender in contenders)])
    _say(rows)
    for (kind, name), text in results.first_errors.items():
        print(f"wrong answers: {name}, {kind}: {text}")


def say_verdicts(verdicts: list[Verdict]) -> None:
    """Every goal beside what was found."""
    rows = [["goal", "wanted", "found", ""]]
    _say(rows + [[each.goal, each.wanted, each.found, "met" if each.met else "MISSED"] for each in verdicts])


def _shown(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    wrong = f" {figure.errors} wrong" if figure.errors else ""
    rate = f"{figure.rate:,.0f}" if figure.rate >= 100 else f"{figure.rate:.1f}"
    return f"{rate} ({_time(figure.p50)}/{_time(figure.p99)}){wrong}"


def _time(milliseconds: float) -> str:
    return f"{milliseconds:.0f}" if milliseconds >= 100 else f"{milliseconds:.2g}"


def _say(rows: list[list[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print()
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
