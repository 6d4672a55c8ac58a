"""What an engine left behind, made as the engine makes it: a plan in the store, some of it begun, some of it sent."""

import pytest

from core.apply.drafting import draft_some
from core.apply.recovery import abandon_runs, close_removed, settle_intents
from core.apply.running import keep_plan
from core.apply.site import Site
from core.apply.stopping import Stop
from core.sandbox.confluence import Confluence, LocalAccount
from core.sandbox.faults import NO_FAULTS, Faults, FaultyApp
from core.store import Store, changes, exchanges, links, observed, pending, runs
from core.store.changes import Stored
from core.targets.protocol import NewAccount, Unavailable
from tests.core.apply.company import TARGET, Company
from tests.core.apply.door import Door, Refusal
from tests.core.apply.looking import effects, pushed, run_of, states, steps, waiting


async def left_under_way(site: Site, users: list[str], begun: int) -> tuple[int, list[Stored]]:
    """A run over these users whose first `begun` changes have an intent; their keys were cleared by nobody."""
    store = site.store
    run = store.writer.write_now(lambda tx: runs.start(tx, TARGET, "push", "keys"))
    await keep_plan(site, run, await draft_some(site, run, users, [], Stop()))
    store.writer.write_now(lambda tx: runs.move(tx, run, "applying"))
    with store.read() as connection:
        planned = changes.of_run(connection, run)
    for stored in planned[:begun]:
        store.writer.write_now(lambda tx, stored=stored: changes.intend(tx, stored.id))
    return run, planned


def without_keys(store: Store) -> None:
    """As after an order or a schedule: nobody touched these users."""
    with store.read() as connection:
        keys = pending.claim(connection, TARGET, 1 << 60, 1 << 30)
    store.writer.write_now(lambda tx: pending.clear(tx, keys))


async def test_an_intent_without_effect_is_planned_anew(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada = company.hire("ada")
    run, _ = await left_under_way(site, [ada], begun=1)
    without_keys(store)
    await abandon_runs(site)
    assert await settle_intents(site) == frozenset()
    assert steps(store, run) == ["create-account ada failed"]
    assert effects(confluence) == []
    assert company.pending() == {ada}
    await pushed(site)
    assert effects(confluence) == ["create-account ada Ada <ada@contoso.example>"]


async def test_an_intent_with_effect_is_kept_as_done_and_not_repeated(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada = company.hire("ada")
    run, _ = await left_under_way(site, [ada], begun=1)
    await site.target.create_account(NewAccount("ada", "Ada", "ada@contoso.example"))
    await abandon_runs(site)
    await settle_intents(site)
    assert steps(store, run) == ["create-account ada done"]
    with store.read() as connection:
        (link,) = links.all_links(connection, TARGET)
        assert observed.emails(connection, TARGET, [link.account_id]) == {link.account_id: "ada@contoso.example"}
    assert link.user_id == ada
    await pushed(site)
    assert effects(confluence) == ["create-account ada Ada <ada@contoso.example>"]


async def test_a_membership_that_was_sent_before_the_crash_is_managed_afterwards(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada = company.hire("ada")
    crew = company.form("Crew")
    await pushed(site)
    company.join(crew, ada)
    await left_under_way(site, [ada], begun=1)
    await site.target.add_member("Crew", "ada")
    await abandon_runs(site)
    await settle_intents(site)
    with store.read() as connection:
        assert [each.group_key for each in observed.managed(connection, TARGET)] == ["crew"]
    await pushed(site)
    company.leave(crew, ada)
    await pushed(site)
    assert effects(confluence)[-2:] == ["add-member ada Crew", "remove-member ada Crew"]


async def test_a_membership_whose_answer_was_lost_is_managed_once_it_can_be_read_back(
    site: Site, store: Store, company: Company, front: FaultyApp, door: Door
) -> None:
    ada = company.hire("ada")
    crew = company.form("Crew")
    await pushed(site)
    company.join(crew, ada)

    async def look(method: str, path: str) -> None:
        if method == "PUT":
            front.faults = Faults(dropped_after_commit=100)

    door.look = look
    run = (await pushed(site)).run
    assert steps(store, run) == ["add-member ada Crew intent"]
    front.faults = NO_FAULTS
    await settle_intents(site)
    assert steps(store, run) == ["add-member ada Crew done"]
    with store.read() as connection:
        assert [each.group_key for each in observed.managed(connection, TARGET)] == ["crew"]


async def test_a_created_account_of_another_display_name_is_somebody_elses(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada = company.hire("ada")
    run, _ = await left_under_way(site, [ada], begun=1)
    confluence.add_account(LocalAccount("ada", "Adam", "adam@contoso.example"))
    await abandon_runs(site)
    await settle_intents(site)
    assert steps(store, run) == ["create-account ada failed"]
    with store.read() as connection:
        assert links.all_links(connection, TARGET) == []
    assert company.pending() == {ada}


async def test_runs_left_under_way_are_ended_and_their_users_planned_again(
    site: Site, store: Store, company: Company
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    run, _ = await left_under_way(site, [ada, ben], begun=0)
    without_keys(store)
    await abandon_runs(site)
    assert states(store) == ["failed"]
    assert run_of(store, run).error == "the engine stopped before it; what is still needed is planned anew"
    assert steps(store, run) == ["create-account ada dropped", "create-account ben dropped"]
    assert company.pending() == {ada, ben}


@pytest.mark.parametrize("state", ["failed", "stale", "dropped"])
async def test_what_failed_in_a_run_before_its_keys_were_told_is_planned_again(
    site: Site, store: Store, company: Company, state: changes.State
) -> None:
    ada = company.hire("ada")
    _, (stored,) = await left_under_way(site, [ada], begun=1)
    store.writer.write_now(lambda tx: changes.settle(tx, stored.id, state, "no"))
    without_keys(store)
    await abandon_runs(site)
    assert company.pending() == {ada}


async def test_a_plan_that_waits_for_approval_outlives_the_engine(site: Site, store: Store, company: Company) -> None:
    ada = company.hire("ada")
    run, _ = await left_under_way(site, [ada], begun=0)
    store.writer.write_now(lambda tx: runs.move(tx, run, "waiting"))
    await abandon_runs(site)
    assert (states(store), steps(store, run)) == (["waiting"], ["create-account ada planned"])


async def test_an_intent_that_cannot_be_read_back_stays_open_and_the_others_are_settled(
    site: Site, store: Store, company: Company, door: Door
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    run, (first, _) = await left_under_way(site, [ada, ben], begun=2)
    door.refusals = (Refusal("GET", "username=ada", 500),)
    assert await settle_intents(site) == {first.id}
    assert steps(store, run) == ["create-account ada intent", "create-account ben failed"]
    with store.read() as connection:
        assert exchanges.of_change(connection, first.id, 99)
    assert await settle_intents(site, {first.id}) == frozenset()
    door.refusals = ()
    assert await settle_intents(site) == frozenset()
    assert steps(store, run)[0] == "create-account ada failed"


async def test_a_target_that_is_down_settles_nothing(site: Site, store: Store, company: Company, door: Door) -> None:
    run, _ = await left_under_way(site, [company.hire("ada")], begun=1)
    door.refusals = (Refusal("GET", "username=ada", 503),)
    with pytest.raises(Unavailable):
        await settle_intents(site)
    assert steps(store, run) == ["create-account ada intent"]


async def test_recovering_twice_changes_nothing_more(site: Site, store: Store, company: Company) -> None:
    ada = company.hire("ada")
    run, _ = await left_under_way(site, [ada], begun=1)
    for _ in range(2):
        await abandon_runs(site)
        await settle_intents(site)
    assert (run_of(store, run).failed, waiting(store)) == (1, {ada: 0})


async def test_a_key_that_failed_before_keeps_its_place_in_the_queue(
    site: Site, store: Store, company: Company
) -> None:
    ada = company.hire("ada")
    await left_under_way(site, [ada], begun=0)
    with store.read() as connection:
        (key,) = pending.claim(connection, TARGET, 1 << 60, 9)
    store.writer.write_now(lambda tx: pending.fail(tx, key, "503"))
    await abandon_runs(site)
    assert (states(store), waiting(store)) == (["failed"], {ada: 1})


async def test_runs_of_a_target_that_is_not_configured_any_more_are_ended(
    site: Site, store: Store, company: Company
) -> None:
    first, _ = await left_under_way(site, [company.hire("ada")], begun=0)
    second, _ = await left_under_way(site, [company.hire("ben")], begun=0)
    store.writer.write_now(lambda tx: runs.move(tx, second, "waiting"))
    await close_removed(store, [TARGET])
    assert states(store) == ["applying", "waiting"]
    await close_removed(store, ["jira"])
    assert states(store) == ["failed", "dropped"]
    assert steps(store, first) + steps(store, second) == ["create-account ada dropped", "create-account ben dropped"]
    assert run_of(store, second).error == "the configuration has no target of this name any more"
