"""The goals, each as a share of the floor of the same run, and whether they are met."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.bench.scim import floors
from tests.bench.scim.rounds import Results

US = "manciple"
NARROW = 1.2
"""How much more a large store or group may cost than a small one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One goal beside what was measured."""

    goal: str
    wanted: str
    found: str
    met: bool


SHARES = (
    ("create", "create", floors.GROUP, 0.60, "group commit"),
    ("patch active", "create", floors.GROUP, 0.50, "group commit"),
    ("get by id", "get by id", floors.GROUP, 0.50, "the indexed read"),
    ("userName eq", "get by id", floors.GROUP, 0.35, "the indexed read"),
    ("externalId eq", "get by id", floors.GROUP, 0.35, "the indexed read"),
)
"""Ours, what it is compared with at which floor, the share wanted, and of what."""


def verdicts(
    results: Results, sizes: dict[str, Any], memory: tuple[int, float] | None, sync: dict[str, Any]
) -> Iterator[Verdict]:
    """All goals about which something was measured. `memory` is a number of users, and the MiB with them."""
    for goal in SHARES:
        yield from _share(results, *goal)
    groups = [kind for kind in results.kinds() if kind.startswith("add member")]
    for kind in groups:
        yield from _share(results, kind, "create, 1 connection", floors.ONE, 0.40, "one commit per request")
    rates = {kind: figure.rate for kind in groups if (figure := results.of(kind, US))}
    if len(rates) > 1:
        yield _narrow("add member, smallest to largest group", rates)
    for attribute, found in sizes.items():
        yield _narrow(f"{attribute} eq, {', '.join(found)} users", found)
    if pages := results.of("list, page of 100", US):
        yield Verdict("list, page of 100", "≥ 500/s", f"{pages.rate:,.0f}/s", pages.rate >= 500)
    if memory is not None:
        yield Verdict(f"memory with {memory[0]:,} users", "≤ 120 MiB", f"{memory[1]:.0f} MiB", memory[1] <= 120)
    if sync:
        shown = f"{sync['p99']:.1f} ms ({sync['at_rest']['p99']:.1f} at rest)"
        yield Verdict("p99 at 25/s while synchronising", "< 25 ms", shown, 0 < sync["p99"] < 25)


def _share(results: Results, ours: str, theirs: str, floor: str, wanted: float, what: str) -> Iterator[Verdict]:
    us, limit = results.rates(ours, US), results.rates(theirs, floor)
    if us and limit:
        # Of each round, since a busy disk slows both down in the same minute.
        share = median(rate / most for rate, most in zip(us, limit, strict=False))
        found = f"{share:.3f} ({median(us):,.0f} of {median(limit):,.0f})"
        yield Verdict(ours, f"≥ {wanted:.2f} of {what}", found, share >= wanted)


def _narrow(goal: str, rates: dict[str, float]) -> Verdict:
    fastest, slowest = max(rates.values()), min(rates.values())
    ratio = fastest / slowest if slowest else float("inf")
    return Verdict(goal, f"within {NARROW}×", f"{ratio:.2f}×", ratio <= NARROW)
