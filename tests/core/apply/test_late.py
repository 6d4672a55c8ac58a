"""Conflicts that only applying finds: refused again and again, and no seat left."""

from core.apply.site import Site
from core.planning.late_conflicts import AFTER
from core.store import Store, pending
from core.targets.protocol import NoSeats, Refused
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, held, pushed
from tests.core.apply.resolving import answer, open_one


def make_due(store: Store) -> None:
    """The time of every retry has come."""
    store.writer.write_now(lambda tx: tx.execute(pending._PENDING.update().values(due_at=0)))


async def test_what_is_refused_again_and_again_becomes_a_conflict_and_others_go_on(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    bad = company.hire("bad")
    company.hire("good")
    instant.failing = lambda call, name: Refused("no such luck") if name == "bad" else None
    for number in range(1, AFTER):
        await pushed(quick)
        assert held(store) == set(), number
        make_due(store)
    await pushed(quick)
    assert held(store) == {("C45", f"user:{bad}")}
    _, conflict = open_one(store, "C45")
    assert conflict.title == "What is due for bad failed 3 times"
    assert conflict.evidence == {"name": "bad", "reason": "no such luck", "attempts": "3"}
    assert [account.name for account in instant.accounts.values()] == ["good"]


async def test_it_is_over_once_it_works(quick: Site, store: Store, company: Company, instant: Instant) -> None:
    company.hire("bad")
    instant.failing = lambda call, name: Refused("no such luck") if call == "create-account" else None
    for _ in range(AFTER):
        await pushed(quick)
        make_due(store)
    instant.failing = lambda call, name: None
    answer(store, "C45", "R")
    await pushed(quick)
    assert (held(store), len(instant.accounts)) == (set(), 1)


async def test_a_plan_of_everything_does_not_close_it(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.hire("bad")
    instant.failing = lambda call, name: Refused("no such luck") if call == "create-account" else None
    for _ in range(AFTER):
        await pushed(quick)
        make_due(store)
    await compared(quick)
    assert [kind for kind, _ in held(store)] == ["C45"]


async def test_seats_that_are_used_up_are_one_conflict_until_there_are_some(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    for name in ("ada", "ben", "cyd"):
        company.hire(name)
    instant.failing = lambda call, name: NoSeats("The licence is full.") if call == "create-account" else None
    await pushed(quick)
    assert held(store) == {("C36", f"target:{TARGET}")}
    assert open_one(store, "C36")[1].title == "wiki has no free seat: 3 accounts wait"
    instant.failing = lambda call, name: None
    make_due(store)
    await pushed(quick)
    assert (held(store), len(instant.accounts)) == (set(), 3)
