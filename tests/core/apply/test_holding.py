"""What brakes hold waits in one run for each target, and everything else goes on."""

import pytest

from core.apply import parts, running
from core.apply.excluding import exclude
from core.apply.recovery import abandon_runs
from core.apply.site import Site
from core.planning.rules import TargetRules
from core.store import Store, StoreError
from tests.core.apply.braked import BRAKED, ids, waiting_run, waiting_runs
from tests.core.apply.company import Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import HELD, approved, compared, pushed, run_of, steps

NAMES = ("ada", "ben", "cyd", "dot")


@pytest.fixture
def rules() -> TargetRules:
    return BRAKED


@pytest.fixture
async def staff(quick: Site, company: Company) -> dict[str, str]:
    """Users with accounts."""
    hired = {name: company.hire(name) for name in NAMES}
    await compared(quick)
    return hired


def dismiss(company: Company, staff: dict[str, str], *names: str) -> None:
    for name in names:
        company.dismiss(staff[name])


async def test_what_no_brake_holds_is_applied_and_the_rest_waits_in_a_run_of_its_own(
    quick: Site, store: Store, company: Company, staff: dict[str, str]
) -> None:
    dismiss(company, staff, "ada", "ben")
    company.change(staff["cyd"], displayName="Cydney")
    ended = await compared(quick)
    held = waiting_run(store)
    assert ended.answer == (f"Run {ended.run}: 1 of 1 change made; run {held.id} waits for approval with 2 changes.")
    assert steps(store, ended.run) == ["update-account cyd done"]
    assert steps(store, held.id) == ["deactivate-account ada planned", "deactivate-account ben planned"]
    assert (held.scope, held.trigger, held.planned) == ("held", "schedule", 2)
    assert [(hold.brake, hold.number) for hold in held.holds] == [("brakes.deactivate", 2)]
    assert run_of(store, ended.run).holds == ()


async def test_keys_of_users_that_wait_there_are_answered(quick: Site, company: Company, staff: dict[str, str]) -> None:
    dismiss(company, staff, "ada", "ben")
    await compared(quick)
    assert company.pending() == set()


async def test_a_plan_with_nothing_else_changes_nothing_and_says_where_it_waits(
    quick: Site, store: Store, company: Company, staff: dict[str, str], instant: Instant
) -> None:
    dismiss(company, staff, "ada", "ben")
    done = list(instant.effects)
    ended = await compared(quick)
    number = waiting_run(store).id
    assert ended.answer == f"Nothing to change unasked; run {number} waits for approval with 2 changes."
    assert instant.effects == done


async def test_the_same_held_plan_stays_and_no_other_is_made(
    quick: Site, store: Store, company: Company, staff: dict[str, str]
) -> None:
    dismiss(company, staff, "ada", "ben")
    await compared(quick)
    first = waiting_run(store)
    await compared(quick)
    assert waiting_run(store) == first


async def test_a_later_plan_of_everything_takes_the_place_of_what_waits(
    quick: Site, store: Store, company: Company, staff: dict[str, str]
) -> None:
    dismiss(company, staff, "ada", "ben")
    await compared(quick)
    first = waiting_run(store).id
    dismiss(company, staff, "cyd")
    await compared(quick)
    second = waiting_run(store)
    assert (second.planned, run_of(store, first).state) == (3, "dropped")
    assert run_of(store, first).error == f"replaced by the plan of run {second.id}"
    assert steps(store, first) == ["deactivate-account ada dropped", "deactivate-account ben dropped"]


async def test_it_waits_no_longer_once_nothing_of_it_is_needed(
    quick: Site, store: Store, company: Company, staff: dict[str, str]
) -> None:
    dismiss(company, staff, "ada", "ben")
    await compared(quick)
    held = waiting_run(store).id
    for name in ("ada", "ben"):
        company.change(staff[name], active=True)
    ended = await compared(quick)
    assert run_of(store, held).error == f"run {ended.run} found that nothing of it is needed any more"


async def test_a_push_adds_to_what_waits_and_adds_nothing_twice(
    quick: Site, store: Store, company: Company, staff: dict[str, str]
) -> None:
    dismiss(company, staff, "ada", "ben")
    await pushed(quick)
    first = waiting_run(store)
    dismiss(company, staff, "ben", "cyd")
    ended = await pushed(quick)
    second = waiting_run(store)
    assert steps(store, first.id) == [f"deactivate-account {name} planned" for name in ("ada", "ben", "cyd")]
    assert (second.id, second.planned) == (first.id, 3)
    assert second.plan_hash != first.plan_hash
    assert [hold.number for hold in second.holds] == [3]
    assert ended.answer.endswith(f"; run {first.id} waits for approval with 3 changes.")
    assert company.pending() == set()


async def test_a_push_takes_out_of_it_what_its_users_no_longer_need(
    quick: Site, store: Store, company: Company, staff: dict[str, str]
) -> None:
    dismiss(company, staff, "ada", "ben")
    await pushed(quick)
    first = waiting_run(store)
    company.change(staff["ada"], active=True)
    await pushed(quick)
    left = waiting_run(store)
    assert steps(store, first.id) == ["deactivate-account ada dropped", "deactivate-account ben planned"]
    assert (left.planned, left.plan_hash == first.plan_hash) == (1, False)
    assert [hold.number for hold in left.holds] == [1]
    company.change(staff["ben"], active=True)
    await pushed(quick)
    assert (waiting_runs(store), run_of(store, first.id).state) == ([], "dropped")


async def test_pushes_that_are_small_each_do_not_do_together_what_a_large_one_may_not(
    quick: Site, store: Store, company: Company, staff: dict[str, str], instant: Instant
) -> None:
    dismiss(company, staff, "ada")
    await pushed(quick)
    dismiss(company, staff, "ben")
    await pushed(quick)
    assert steps(store, waiting_run(store).id) == ["deactivate-account ben planned"]
    assert {account.name for account in instant.accounts.values() if not account.active} == {"ada"}


async def test_what_an_admin_approved_does_not_count_against_later_pushes(
    quick: Site, store: Store, company: Company, staff: dict[str, str], instant: Instant
) -> None:
    dismiss(company, staff, "ada", "ben")
    await pushed(quick)
    await approved(quick, waiting_run(store).id)
    dismiss(company, staff, "cyd")
    await pushed(quick)
    assert waiting_runs(store) == []
    assert {account.name for account in instant.accounts.values() if account.active} == {"dot"}


async def test_what_an_admin_took_out_waits_again_and_is_never_done_because_it_is_little(
    quick: Site, store: Store, company: Company, staff: dict[str, str], instant: Instant
) -> None:
    dismiss(company, staff, "ada", "ben")
    await compared(quick)
    first = waiting_run(store).id
    await exclude(store, first, ids(store, first, "ben"), "ada@console")
    await approved(quick, first)
    assert steps(store, first) == ["deactivate-account ada done", "deactivate-account ben excluded"]
    assert company.pending() == set()
    await compared(quick)
    again = waiting_run(store)
    assert steps(store, again.id) == ["deactivate-account ben planned"]
    assert [(hold.brake, hold.cause) for hold in again.holds] == [("excluded", f"Taken out of run {first}.")]
    await approved(quick, again.id)
    assert not any(account.active for account in instant.accounts.values() if account.name == "ben")
    company.change(staff["ben"], active=True)
    await compared(quick)
    dismiss(company, staff, "ben")
    await compared(quick)
    assert waiting_runs(store) == []


async def test_a_plan_that_waits_whole_notes_its_brakes_and_leaves_what_waits_beside_it_alone(
    quick: Site, store: Store, company: Company, staff: dict[str, str]
) -> None:
    dismiss(company, staff, "ada", "ben")
    await compared(quick)
    company.change(staff["cyd"], displayName="Cydney")
    ended = await compared(quick, HELD)
    whole = run_of(store, ended.run)
    assert [each.scope for each in waiting_runs(store)] == ["held", "all"]
    assert (whole.planned, [hold.brake for hold in whole.holds]) == (3, ["brakes.deactivate"])


@pytest.mark.parametrize("writes", range(6))
async def test_a_crash_while_it_is_kept_leaves_the_old_plan_or_the_new_one_and_forgets_nobody(
    quick: Site,
    store: Store,
    company: Company,
    staff: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    writes: int,
) -> None:
    dismiss(company, staff, "ada", "ben")
    await compared(quick)
    dismiss(company, staff, "cyd")
    break_holding(store, monkeypatch, writes)
    with pytest.raises(StoreError):
        await compared(quick)
    monkeypatch.undo()
    assert company.pending() == {staff["cyd"]}
    assert len(waiting_runs(store)) == 1
    await abandon_runs(quick)
    await compared(quick)
    assert steps(store, waiting_run(store).id) == [
        f"deactivate-account {name} planned" for name in ("ada", "ben", "cyd")
    ]


def break_holding(store: Store, monkeypatch: pytest.MonkeyPatch, writes: int) -> None:
    """Let the store fail after so many writes of what is held."""
    hold, write = running.hold, store.writer.write

    async def broken(*arguments: object) -> object:
        left = iter(range(writes))

        async def failing(each: object) -> object:
            if next(left, None) is None:
                raise StoreError("the disk is full")
            return await write(each)  # type: ignore[arg-type]

        monkeypatch.setattr(store.writer, "write", failing)
        return await hold(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "hold", broken)
    monkeypatch.setattr(parts, "PART", 1)
