"""What a run did is put back, as far as it still is as the run left it, and the rules do not do it again at once."""

from dataclasses import replace

import pytest

from core.apply import undoing
from core.apply.ending import Ended
from core.apply.excluding import exclude
from core.apply.recovery import abandon_runs
from core.apply.site import Site
from core.apply.stopping import Stop
from core.exchange import Exchange
from core.planning.values import Lead
from core.store import Store, Transaction, identities, links, runs
from core.targets.protocol import Unavailable
from tests.core.apply.braked import ids, waiting_run, waiting_runs
from tests.core.apply.company import PROVIDER, TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import approved, compared, pushed, run_of, steps


async def undone(site: Site, run: int) -> Ended:
    """The undoing of a run, planned."""
    return await undoing.undo(site, run_of(site.store, run), "ada@console", Stop())


async def put_back(site: Site, run: int) -> int:
    """A run undone and approved; the number of the undoing."""
    ended = await undone(site, run)
    await approved(site, ended.run)
    return ended.run


@pytest.fixture
async def gone(quick: Site, company: Company) -> int:
    """The run that deactivated ada, who was in Crew, and renamed ben."""
    ada, ben = company.hire("ada"), company.hire("ben")
    company.form("Crew", [ada, ben])
    await compared(quick)
    company.dismiss(ada)
    company.change(ben, displayName="Benjamin")
    return (await compared(quick)).run


def named(instant: Instant) -> dict[str, tuple[str | None, bool]]:
    """Display name, and whether it is active, of every account."""
    return {account.name: (account.display_name, account.active) for account in instant.accounts.values()}


async def test_an_undoing_is_planned_and_waits_for_approval(
    quick: Site, store: Store, instant: Instant, gone: int
) -> None:
    effects = list(instant.effects)
    ended = await undone(quick, gone)
    run = run_of(store, ended.run)
    assert (ended.state, run.trigger, run.scope, run.undoes) == ("waiting", "undo", f"undo of run {gone}", gone)
    assert sorted(steps(store, ended.run)) == ["reactivate-account ada planned", "update-account ben planned"]
    assert instant.effects == effects


async def test_approved_it_puts_back_what_was_there_before(
    quick: Site, store: Store, instant: Instant, gone: int
) -> None:
    run = await put_back(quick, gone)
    assert {step.rpartition(" ")[2] for step in steps(store, run)} == {"done"}
    assert named(instant) == {"ada": ("Ada", True), "ben": ("Ben", True)}
    assert (run_of(store, run).verified, run_of(store, run).differing) == (2, 0)


async def test_the_rules_do_not_at_once_do_it_again(quick: Site, company: Company, instant: Instant, gone: int) -> None:
    await put_back(quick, gone)
    assert company.pending() == set()
    ended = await compared(quick)
    assert ended.answer == "Nothing to change."
    assert named(instant)["ada"] == ("Ada", True)


async def test_an_undoing_that_is_undone_gives_its_users_back_to_the_rules(
    quick: Site, store: Store, instant: Instant, gone: int
) -> None:
    first = await put_back(quick, gone)
    second = await put_back(quick, first)
    assert named(instant) == {"ada": ("Ada", False), "ben": ("Benjamin", True)}
    assert run_of(store, first).released_at is not None
    assert run_of(store, second).released_at is None
    assert (await compared(quick)).answer == "Nothing to change."


async def test_what_somebody_changed_since_stays_as_it_is(
    quick: Site, store: Store, instant: Instant, gone: int
) -> None:
    (ben,) = (account for account in instant.accounts.values() if account.name == "ben")
    instant.accounts[ben.id] = replace(ben, display_name="Big Ben")
    run = await put_back(quick, gone)
    assert steps(store, run) == ["reactivate-account ada done"]
    assert named(instant)["ben"] == ("Big Ben", True)
    assert any("not as the run left it" in note for note in run_of(store, run).sentences)


async def test_what_changes_between_plan_and_approval_is_stale(
    quick: Site, store: Store, instant: Instant, gone: int
) -> None:
    ended = await undone(quick, gone)
    (ben,) = (account for account in instant.accounts.values() if account.name == "ben")
    instant.accounts[ben.id] = replace(ben, display_name="Big Ben")
    await approved(quick, ended.run)
    assert sorted(steps(store, ended.run)) == ["reactivate-account ada done", "update-account ben stale"]
    assert named(instant) == {"ada": ("Ada", True), "ben": ("Big Ben", True)}


async def test_what_was_taken_out_of_an_undoing_is_not_put_back(
    quick: Site, store: Store, instant: Instant, gone: int
) -> None:
    ended = await undone(quick, gone)
    await exclude(store, ended.run, ids(store, ended.run, "ben"), "ada@console")
    await approved(quick, ended.run)
    assert named(instant) == {"ada": ("Ada", True), "ben": ("Benjamin", True)}


async def test_accounts_that_were_made_are_deactivated_and_a_group_that_was_made_goes_when_nobody_else_is_in_it(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    instant.able = replace(instant.able, delete_group=None)
    company.form("Crew", [company.hire("ada")])
    made = (await compared(quick)).run
    run = await put_back(quick, made)
    assert {step.rpartition(" ")[2] for step in steps(store, run)} == {"done"}
    assert (named(instant)["ada"][1], instant.groups) == (False, {})


async def test_a_group_in_which_others_are_by_now_stays(quick: Site, company: Company, instant: Instant) -> None:
    instant.able = replace(instant.able, delete_group=None)
    company.form("Crew", [company.hire("ada")])
    made = (await compared(quick)).run
    (ada,) = instant.accounts.values()
    instant.accounts["x"] = replace(ada, id="x", name="xenia", key="xenia")
    await put_back(quick, made)
    assert instant.groups.keys() == {"crew"}
    assert instant.accounts["x"].groups == {"crew"}


async def test_a_group_stays_where_a_member_could_not_be_taken_out(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    instant.able = replace(instant.able, delete_group=None)
    company.form("Crew", [company.hire("ada")])
    made = (await compared(quick)).run
    instant.failing = lambda call, name: Unavailable("No answer.") if call == "remove-member" else None
    run = await put_back(quick, made)
    assert "remove-member ada Crew failed" in steps(store, run)
    assert "delete-group Crew dropped" in steps(store, run)
    assert instant.groups.keys() == {"crew"}


async def test_a_lead_goes_back_to_who_led(quick: Site, store: Store, instant: Instant, company: Company) -> None:
    instant.able = replace(instant.able, leads=None)
    ada, _ = company.hire("ada"), company.hire("ben")
    await compared(quick)
    instant.leads = {"project:SHIP": Lead("project", "SHIP", "SHIP", "Ship", "ada")}
    rules = replace(quick.rules, users=replace(quick.rules.users, default_project_lead="ben"))
    site = replace(quick, settings=replace(quick.settings, rules=rules))
    company.dismiss(ada)
    gone = (await compared(site)).run
    assert (steps(store, gone)[0], instant.leads["project:SHIP"].account_key) == ("move-lead ada done", "ben")
    await put_back(site, gone)
    assert (instant.leads["project:SHIP"].account_key, named(instant)["ada"][1]) == ("ada", True)


async def test_a_run_that_is_not_over_or_changed_nothing_cannot_be_undone(quick: Site, store: Store, gone: int) -> None:
    assert undoing.refusal(run_of(store, gone)) is None
    nothing = (await compared(quick)).run
    assert undoing.refusal(run_of(store, nothing)) == (f"Run {nothing} changed nothing: there is nothing to put back.")
    store.writer.write_now(lambda tx: runs.move(tx, runs.start(tx, TARGET, "push", "1 key"), "applying"))
    assert undoing.refusal(run_of(store, nothing + 1)) == (
        f"Run {nothing + 1} is not over: it is applying. Wait for its end, or cancel it."
    )


async def test_the_same_undoing_waits_once(quick: Site, store: Store, gone: int) -> None:
    first = await undone(quick, gone)
    second = await undone(quick, gone)
    assert second.answer == f"Run {first.run} already waits with this plan."
    assert [run.id for run in waiting_runs(store)] == [first.run]


async def test_an_undoing_of_which_nothing_is_possible_ends_with_the_reasons(
    quick: Site, store: Store, instant: Instant, gone: int
) -> None:
    instant.accounts.clear()
    ended = await undone(quick, gone)
    assert (ended.state, ended.answer) == (
        "done",
        f"Nothing of run {gone} can be put back: run {ended.run} notes why.",
    )
    assert run_of(store, ended.run).sentences


async def test_a_target_that_cannot_be_read_ends_it_and_changes_nothing(
    quick: Site, store: Store, instant: Instant, gone: int
) -> None:
    effects = list(instant.effects)
    instant.failing = lambda call, name: Unavailable("No answer.")
    ended = await undone(quick, gone)
    assert (ended.state, ended.is_target_down, run_of(store, ended.run).state) == ("failed", True, "failed")
    assert instant.effects == effects


async def test_a_user_that_the_idp_changes_afterwards_is_planned_for_again(
    quick: Site, store: Store, company: Company, instant: Instant, gone: int
) -> None:
    await put_back(quick, gone)
    (ada,) = (account for account in instant.accounts.values() if account.name == "ada")
    store.writer.write_now(lambda tx: say_again(tx, ada.id))
    await compared(quick)
    assert named(instant) == {"ada": ("Ada", False), "ben": ("Ben", True)}


def say_again(tx: Transaction, account: str) -> None:
    """Have the identity provider say once more what it says of an account's user."""
    (link,) = links.of_accounts(tx.connection, TARGET, [account])
    stored = identities.find(tx.connection, PROVIDER, "User", link.user_id)
    assert stored is not None
    number = tx.log(Exchange("in", PROVIDER, 1, 1, "PATCH", "/Users", 200))
    identities.replace(tx, "User", stored, stored.document, number)


async def test_an_undoing_that_an_engine_left_touches_nobody(
    quick: Site, store: Store, company: Company, gone: int
) -> None:
    ended = await undone(quick, gone)
    store.writer.write_now(lambda tx: runs.approve(tx, ended.run, "bob@console"))
    await abandon_runs(quick)
    assert run_of(store, ended.run).state == "waiting"
    assert company.pending() == set()


async def test_an_undoing_that_an_engine_left_before_it_was_planned_ends_and_is_to_be_asked_for_again(
    quick: Site, store: Store, company: Company, gone: int
) -> None:
    run = (await undone(quick, gone)).run
    store.writer.write_now(lambda tx: runs.move(tx, run, "planning"))
    await abandon_runs(quick)
    assert run_of(store, run).state == "failed"
    assert run_of(store, run).error == "the engine stopped before it had a plan: give the order again"
    assert company.pending() == set()


async def test_a_push_that_was_held_and_approved_can_be_undone_as_well(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    users = [company.hire(name) for name in ("ada", "ben")]
    await compared(quick)
    strict = replace(quick.rules.brakes, deactivate=replace(quick.rules.brakes.deactivate, count=1))
    site = replace(quick, settings=replace(quick.settings, rules=replace(quick.rules, brakes=strict)))
    for user in users:
        company.dismiss(user)
    await pushed(site)
    held = waiting_run(store).id
    await approved(site, held)
    await put_back(site, held)
    assert {active for _, active in named(instant).values()} == {True}
