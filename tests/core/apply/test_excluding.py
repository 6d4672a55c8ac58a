"""A plan is edited before it is approved: what is taken out takes along what needs it."""

import pytest

from core.apply.excluding import NotExcluded, exclude
from core.apply.site import Site
from core.store import Store, audit, changes
from tests.core.apply.braked import ids, waiting_runs
from tests.core.apply.company import Company
from tests.core.apply.looking import HELD, approved, compared, run_of, steps


@pytest.fixture
async def planned(quick: Site, company: Company) -> int:
    """A run that waits with two new accounts in a new group."""
    company.form("Crew", [company.hire("ada"), company.hire("ben")])
    return (await compared(quick, HELD)).run


def creation_of_the_group(store: Store, run: int) -> int:
    with store.read() as connection:
        return next(each.id for each in changes.of_run(connection, run) if each.change.kind == "create-group")


async def test_a_change_that_is_taken_out_is_not_made_and_everything_else_is(
    quick: Site, store: Store, planned: int
) -> None:
    assert await exclude(store, planned, ids(store, planned, "ben"), "ada@console") == 2
    ended = await approved(quick, planned)
    assert steps(store, planned) == [
        "create-group Crew done",
        "create-account ada done",
        "create-account ben excluded",
        "add-member ada Crew done",
        "add-member ben Crew excluded",
    ]
    assert ended.answer.startswith(f"Run {planned}: 3 of 3 changes made")


async def test_what_needs_it_is_taken_out_with_it(store: Store, planned: int) -> None:
    assert await exclude(store, planned, [creation_of_the_group(store, planned)], "ada@console") == 3
    assert steps(store, planned) == [
        "create-group Crew excluded",
        "create-account ada planned",
        "create-account ben planned",
        "add-member ada Crew excluded",
        "add-member ben Crew excluded",
    ]


async def test_count_and_hash_are_those_of_what_is_left_and_the_trail_says_who_took_what_out(
    store: Store, planned: int
) -> None:
    before = run_of(store, planned)
    await exclude(store, planned, ids(store, planned, "ben"), "ada@console")
    after = run_of(store, planned)
    assert (before.planned, after.planned) == (5, 3)
    assert after.plan_hash != before.plan_hash
    with store.read() as connection:
        (entry,) = audit.newest(connection, 9)
    assert (entry.who, entry.action, entry.subject) == ("ada@console", "exclude", str(planned))
    assert entry.detail == "2 changes: create-account ben, add-member ben"


async def test_the_same_change_is_taken_out_once(store: Store, planned: int) -> None:
    numbers = ids(store, planned, "ben")
    await exclude(store, planned, numbers, "ada@console")
    with pytest.raises(NotExcluded, match=f"Run {planned} has none of these changes to take out any more."):
        await exclude(store, planned, numbers, "ada@console")


async def test_nothing_is_taken_out_of_a_plan_that_does_not_wait(quick: Site, store: Store, company: Company) -> None:
    company.hire("ada")
    run = (await compared(quick)).run
    with pytest.raises(NotExcluded):
        await exclude(store, run, ids(store, run, "ada"), "ada@console")
    assert steps(store, run) == ["create-account ada done"]


async def test_a_plan_of_which_nothing_is_left_is_dropped(store: Store, planned: int) -> None:
    await exclude(store, planned, ids(store, planned, "ada", "ben"), "ada@console")
    await exclude(store, planned, [creation_of_the_group(store, planned)], "ada@console")
    run = run_of(store, planned)
    assert (waiting_runs(store), run.state, run.error) == ([], "dropped", "taken out by ada@console")
