import pytest

from core.apply.approving import approve
from core.apply.running import Comparison
from core.apply.site import Site
from core.apply.stopping import Stop
from core.sandbox.confluence import Confluence, LocalAccount
from core.store import Store, changes, conflicts, links, observed
from tests.core.apply.company import TARGET, Company
from tests.core.apply.door import Door, Refusal
from tests.core.apply.looking import HELD, approved, compared, effects, held, run_of, states, steps, waiting


async def test_a_whole_run_brings_accounts_groups_and_memberships(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    company.form("Crew", [ada, ben])
    ended = await compared(site)
    assert (ended.state, ended.answer) == ("done", f"Run {ended.run}: 5 of 5 changes made.")
    snapshot = confluence.snapshot()
    assert {"ada", "ben"} <= {account.username for account in snapshot.accounts}
    assert {("Crew", "ada"), ("Crew", "ben")} <= snapshot.memberships
    assert company.pending() == set()
    with store.read() as connection:
        assert {link.user_id for link in links.all_links(connection, TARGET)} == {ada, ben}
        assert {each.group_key for each in observed.managed(connection, TARGET)} == {"crew"}


async def test_a_second_run_finds_nothing_to_change(site: Site, company: Company, confluence: Confluence) -> None:
    company.form("Crew", [company.hire("ada")])
    await compared(site)
    done = effects(confluence)
    ended = await compared(site)
    assert ended.answer == "Nothing to change."
    assert effects(confluence) == done


async def test_a_plan_that_is_held_waits_and_changes_nothing(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada = company.hire("ada")
    ended = await compared(site, HELD)
    assert (ended.state, ended.answer) == ("waiting", f"Run {ended.run} waits for approval with 1 change.")
    assert effects(confluence) == []
    assert company.pending() == {ada}
    assert steps(store, ended.run) == ["create-account ada planned"]
    assert run_of(store, ended.run).asked_by == "ada@console"


async def test_an_approved_plan_is_applied_as_it_is_and_answers_its_keys(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    company.form("Crew", [company.hire("ada")])
    run = (await compared(site, HELD)).run
    ended = await approved(site, run)
    assert (ended.run, ended.state) == (run, "done")
    assert steps(store, run) == ["create-group Crew done", "create-account ada done", "add-member ada Crew done"]
    assert effects(confluence) == [
        "create-group Crew",
        "create-account ada Ada <ada@contoso.example>",
        "add-member ada Crew",
    ]
    assert company.pending() == set()
    assert run_of(store, run).approved_by == "bob@console"


async def test_what_changed_at_the_provider_since_the_plan_is_stale_and_the_rest_is_applied(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada, _ = company.hire("ada"), company.hire("ben")
    run = (await compared(site, HELD)).run
    company.change(ada, displayName="Ada Byron")
    await approved(site, run)
    assert steps(store, run) == ["create-account ada stale", "create-account ben done"]
    assert effects(confluence) == ["create-account ben Ben <ben@contoso.example>"]
    assert company.pending() == {ada}
    assert (run_of(store, run).done, run_of(store, run).failed) == (1, 1)


async def test_what_changed_at_the_target_since_the_plan_is_stale_and_waits_to_be_planned_again(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada = company.hire("ada")
    await compared(site)
    company.change(ada, displayName="Ada Byron")
    run = (await compared(site, HELD)).run
    confluence.change_account("ada", full_name="Lady Lovelace")
    done = effects(confluence)
    await approved(site, run)
    assert steps(store, run) == ["update-account ada stale"]
    assert effects(confluence) == done
    assert company.pending() == {ada}


async def test_drift_that_has_no_key_gets_one_when_its_change_is_stale(
    site: Site, company: Company, confluence: Confluence
) -> None:
    ada = company.hire("ada")
    await compared(site)
    confluence.change_account("ada", full_name="Somebody")
    run = (await compared(site, HELD)).run
    confluence.change_account("ada", full_name="Somebody Else")
    assert company.pending() == set()
    await approved(site, run)
    assert company.pending() == {ada}


async def test_what_is_needed_since_the_plan_was_made_keeps_its_key(site: Site, company: Company) -> None:
    company.hire("ada")
    run = (await compared(site, HELD)).run
    ben, crew = company.hire("ben"), company.form("Crew")
    ended = await approved(site, run)
    assert ended.answer == f"Run {run}: 1 of 1 change made."
    assert company.pending() == {ben, crew}


async def test_the_user_of_an_approved_creation_is_the_one_who_gets_the_account(
    site: Site, store: Store, company: Company
) -> None:
    first = company.hire("ada")
    run = (await compared(site, HELD)).run
    company.delete("User", first)
    second = company.hire("ada")
    await approved(site, run)
    assert steps(store, run) == ["create-account ada stale"]
    assert company.pending() == {second}


async def test_the_same_plan_is_not_held_twice(site: Site, store: Store, company: Company) -> None:
    company.hire("ada")
    first = await compared(site, HELD)
    second = await compared(site, HELD)
    assert (second.run, second.answer) == (first.run, f"Run {first.run} already waits with this plan.")
    assert states(store) == ["waiting", "dropped"]


async def test_a_newer_plan_replaces_the_one_that_waits(site: Site, store: Store, company: Company) -> None:
    company.hire("ada")
    first = await compared(site, HELD)
    company.hire("ben")
    second = await compared(site, HELD)
    assert states(store) == ["dropped", "waiting"]
    assert run_of(store, first.run).error == f"replaced by the plan of run {second.run}"
    assert steps(store, first.run) == ["create-account ada dropped"]


async def test_a_plan_that_does_not_wait_any_more_is_not_applied(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    company.hire("ada")
    waiting_run = run_of(store, (await compared(site, HELD)).run)
    company.hire("ben")
    await compared(site, HELD)
    ended = await approve(site, waiting_run, "bob@console", Stop(), 4)
    assert ended.state == "dropped"
    assert (states(store), effects(confluence)) == (["dropped", "waiting"], [])


@pytest.mark.parametrize("part", ["/rest/api/user/list?", "/rest/api/group?", "/group/Crew/member"])
async def test_a_listing_that_breaks_off_fails_the_run_and_changes_nothing(
    site: Site, store: Store, company: Company, confluence: Confluence, door: Door, part: str
) -> None:
    ada = company.hire("ada")
    company.form("Crew", [ada])
    await compared(site)
    company.dismiss(ada)
    done = effects(confluence)
    door.refusals = (Refusal("GET", part, 503),)
    ended = await compared(site)
    assert (ended.state, ended.is_target_down) == ("failed", True)
    assert states(store) == ["done", "failed"]
    assert effects(confluence) == done
    assert company.pending() == {ada}
    with store.read() as connection:
        assert len(observed.managed(connection, TARGET)) == 1


async def test_a_run_for_one_user_leaves_all_others_alone(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    crew = company.form("Crew", [ada, ben])
    ended = await compared(site, Comparison("order", False, "ada@console", (ada, "ada")))
    assert run_of(store, ended.run).scope == "user ada"
    assert effects(confluence) == [
        "create-group Crew",
        "create-account ada Ada <ada@contoso.example>",
        "add-member ada Crew",
    ]
    assert company.pending() == {ben, crew}


async def test_a_conflict_is_opened_once_kept_while_it_lasts_and_closed_when_it_is_gone(
    site: Site, store: Store, company: Company
) -> None:
    ada = company.hire("ada", email=None)
    first = await compared(site)
    assert first.answer == "Nothing to change; 1 conflict to be answered."
    with store.read() as connection:
        (opened,) = conflicts.open_conflicts(connection, TARGET)
    await compared(site)
    with store.read() as connection:
        assert conflicts.open_conflicts(connection, TARGET) == [opened]
    assert held(store) == {("C17", f"user:{ada}")}
    company.change(ada, emails=[{"type": "work", "value": "ada@contoso.example"}])
    await compared(site)
    assert held(store) == set()


async def test_a_conflict_that_came_up_before_the_approval_is_kept(site: Site, store: Store, company: Company) -> None:
    company.hire("ada")
    run = (await compared(site, HELD)).run
    ben = company.hire("ben", email=None)
    await approved(site, run)
    assert held(store) == {("C17", f"user:{ben}")}
    assert company.pending() == set()


async def test_a_change_that_is_refused_lets_its_key_wait_and_nobody_else(
    site: Site, store: Store, company: Company, door: Door
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    company.form("Crew", [ada, ben])
    door.refusals = (Refusal("PUT", "/user/ada/group/"),)
    ended = await compared(site)
    assert ended.answer == f"Run {ended.run}: 4 of 5 changes made, 1 not."
    assert waiting(store) == {ada: 1}


async def test_accounts_that_are_gone_from_the_target_are_forgotten_with_their_memberships(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    confluence.add_account(LocalAccount("guest", "Guest", "guest@example.com", groups=("guests",)))
    company.form("guests")
    await compared(site)
    confluence.remove_account("guest")
    await compared(site)
    with store.read() as connection:
        assert observed.counts(connection, TARGET) == (1, 3)
        assert observed.members_of(connection, TARGET, ["guests"]) == set()


async def test_a_cancelled_reading_leaves_everything_as_it_is(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada, stop = company.hire("ada"), Stop()
    stop.ask("cancelled by ada", cancel=True)
    ended = await compared(site, stop=stop)
    assert (ended.state, ended.is_target_down) == ("cancelled", False)
    assert (effects(confluence), company.pending()) == ([], {ada})


async def test_all_changes_of_a_run_lie_in_the_order_in_which_they_are_made(
    site: Site, store: Store, company: Company
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    company.form("Crew", [ada])
    await compared(site)
    company.dismiss(ada)
    company.form("Deck", [ben])
    run = (await compared(site)).run
    with store.read() as connection:
        kinds = [stored.change.kind.value for stored in changes.of_run(connection, run)]
    assert kinds == ["deactivate-account", "create-group", "add-member"]
