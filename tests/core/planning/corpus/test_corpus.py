"""The seeded corpus: nearly all conflicts are seen by the plan, before anything is sent; `-s` prints the table."""

from random import Random

import pytest

from core.planning.changes import Plan

from . import finding, grouping, living, naming
from .seeds import Case, Late

CASES = (*finding.CASES, *naming.CASES, *grouping.CASES, *living.CASES)
LATE: tuple[Late, ...] = (*naming.LATE, *grouping.LATE, *living.LATE)
SEEDS = range(5)
KINDS = [f"C{tens}{ones}" for tens in "01234" for ones in "0123456789A"]
CATALOGUE = frozenset(KINDS) - {"C00", "C09", "C0A", "C39", "C3A", "C47", "C48", "C49", "C4A"}
"""C01-C08, C10-C19, C1A, C20-C29, C2A, C30-C38, C40-C46."""


def seen(case: Case, seed: int) -> str | None:
    return case.seed(Random(f"{case.kind} {case.form} {seed}")).seen()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.form}")
def test_each_seeded_conflict_is_seen_at_plan_time_whatever_its_seed(case: Case) -> None:
    assert [seed for seed in SEEDS if seen(case, seed) is None] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.form}")
def test_a_plan_without_anything_in_it_shows_none_of_them(case: Case) -> None:
    shows = case.seed(Random(0)).shows
    assert shows(Plan((), ())) is None


def test_every_kind_of_the_catalogue_is_in_the_corpus() -> None:
    assert {case.kind for case in CASES} | {late.kind for late in LATE} == CATALOGUE


def test_at_least_95_percent_of_the_seeded_conflicts_are_seen_at_plan_time() -> None:
    rows = [(case, [seen(case, seed) for seed in SEEDS]) for case in CASES]
    found = sum(outcome is not None for _, outcomes in rows for outcome in outcomes)
    missed = sum(late.counts for late in LATE) * len(SEEDS)
    all_of = len(SEEDS) * len(CASES) + missed
    _print(rows, found, all_of)
    assert found / all_of >= 0.95


def _print(rows: list[tuple[Case, list[str | None]]], found: int, all_of: int) -> None:
    for case, outcomes in rows:
        number = sum(outcome is not None for outcome in outcomes)
        print(f"\n{case.kind}  {number}/{len(outcomes)}  {case.form}  [{case.demand}]\n        {outcomes[0]}", end="")
    for late in LATE:
        print(f"\n{late.kind}  {'missed' if late.counts else 'later '}  {late.form}\n        {late.where}", end="")
    kinds = {case.kind for case, _ in rows}
    demanded = kinds | {late.kind for late in LATE if late.counts}
    print(f"\n{found} of {all_of} seeded conflicts, {len(kinds)} of {len(demanded)} kinds, are seen at plan time.")
