from dataclasses import replace

import pytest

from core.apply.ending import Ended
from core.apply.running import compare
from core.apply.site import Site
from core.apply.stopping import Stop
from core.exchange import Exchange
from core.planning.rules import TargetRules, UserRules
from core.planning.values import Lead
from core.sandbox.confluence import Confluence, LocalAccount
from core.sandbox.confluence.quirks import Quirks
from core.store import Store, Transaction, changes, exchanges, identities, observed, pending
from core.targets.protocol import Refused
from tests.core.apply.company import TARGET, Company
from tests.core.apply.door import Door, Refusal
from tests.core.apply.instant import Instant
from tests.core.apply.looking import (
    NOW,
    compared,
    due_now,
    effects,
    errors,
    pushed,
    steps,
    waiting,
)


async def compare_one_by_one(site: Site, stop: Stop | None = None) -> Ended:
    return await compare(site, NOW, stop or Stop(), 1)


async def test_leavers_go_first_and_memberships_come_last(site: Site, company: Company, confluence: Confluence) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    crew = company.form("Crew", [ada])
    await compared(site)
    done = len(effects(confluence))
    company.delete("User", ada)
    company.join(crew, ben)
    company.change(ben, displayName="Benjamin")
    company.form("Deck", [company.hire("cyd")])
    await compared(site)
    assert effects(confluence)[done:] == [
        "deactivate-account ada",
        "remove-member ada Crew",
        "create-group Deck",
        "create-account cyd Cyd <cyd@contoso.example>",
        "update-account ben Benjamin <ben@contoso.example>",
        "add-member ben Crew",
        "add-member cyd Deck",
    ]


async def test_what_needs_an_account_or_a_group_that_was_refused_is_dropped_with_the_reason(
    site: Site, store: Store, company: Company, door: Door
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben", display_name="Ben")
    company.form("Crew", [ada, ben])
    await site.target.capabilities()
    door.refusals = (Refusal("POST", "/admin/group"),)
    run = (await compared(site)).run
    assert steps(store, run) == [
        "create-group Crew failed",
        "create-account ada done",
        "create-account ben done",
        "add-member ada Crew dropped",
        "add-member ben Crew dropped",
    ]
    reasons = errors(store, run)
    assert reasons["add-member ada Crew"] == "waits for the group Crew, which could not be created"
    assert set(waiting(store)) == company.pending() >= {ada, ben}


class TestAnAddressOfSomebodyElse:
    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(UserRules(alike="ignore"))

    @pytest.fixture
    def confluence(self) -> Confluence:
        boss = LocalAccount("boss", "Boss", "taken@contoso.example")
        return Confluence.with_defaults([boss], quirks=Quirks(duplicate_emails=False))

    async def test_the_memberships_of_a_refused_account_are_dropped_and_those_of_others_made(
        self, site: Site, store: Store, company: Company, confluence: Confluence
    ) -> None:
        ada, ben = company.hire("ada", email="taken@contoso.example"), company.hire("ben")
        company.form("Crew", [ada, ben])
        run = (await compared(site)).run
        assert errors(store, run)["add-member ada Crew"] == "waits for the account ada, which could not be created"
        assert "add-member ben Crew" in effects(confluence)
        assert waiting(store) == {ada: 1}


class TestWithoutSeats:
    @pytest.fixture
    def confluence(self) -> Confluence:
        return Confluence.with_defaults([LocalAccount("ben", "Ben", "ben@contoso.example")])

    async def test_the_first_refusal_stops_all_creations_and_nothing_else(
        self, site: Site, store: Store, company: Company, confluence: Confluence
    ) -> None:
        ben = company.hire("ben")
        await compared(site)
        confluence.settings = replace(confluence.settings, seats=2)
        joiners = [company.hire(name) for name in ("ada", "cyd", "dot")]
        company.form("Crew", [ben, *joiners])
        run = (await compare_one_by_one(site)).run
        assert [step for step in steps(store, run) if step.startswith("create-account")] == [
            "create-account ada failed",
            "create-account cyd dropped",
            "create-account dot dropped",
        ]
        assert confluence.requests["POST", "/rest/api/admin/user"] == 2  # the probe, and ada
        assert errors(store, run)["create-account dot"].startswith("waits for a seat: wiki answered 402")
        assert effects(confluence) == ["create-group Crew", "add-member ben Crew"]
        assert set(waiting(store)) == set(joiners)

    async def test_leavers_of_the_same_run_free_the_seats_that_joiners_need(
        self, site: Site, company: Company, confluence: Confluence
    ) -> None:
        ben = company.hire("ben")
        await compared(site)
        confluence.settings = replace(confluence.settings, seats=2)
        company.dismiss(ben)
        company.hire("ada")
        await compared(site)
        assert effects(confluence) == [
            "deactivate-account ben",
            "create-account ada Ada <ada@contoso.example>",
        ]
        assert company.pending() == set()


async def test_a_run_halts_after_five_changes_in_a_row_without_an_answer(
    site: Site, store: Store, company: Company, door: Door, confluence: Confluence
) -> None:
    users = [company.hire(f"user{number}") for number in range(8)]
    await site.target.capabilities()
    door.refusals = (Refusal("POST", "/admin/user", 503),)
    ended = await compare_one_by_one(site)
    assert (ended.state, ended.is_target_down) == ("failed", True)
    assert [step.split()[-1] for step in steps(store, ended.run)] == ["failed"] * 5 + ["dropped"] * 3
    assert set(waiting(store)) == set(users)
    assert effects(confluence) == []


async def test_a_credential_that_ends_halts_the_run_and_nothing_is_planned_as_a_removal(
    site: Site, store: Store, company: Company, door: Door, confluence: Confluence
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    company.form("Crew", [ada, ben])
    await compared(site)
    cyd, dot = company.hire("cyd"), company.hire("dot")

    async def look(method: str, path: str) -> None:
        if method == "POST":
            door.look = nothing
            confluence.revoke_token(site.settings.credential.resolve())

    async def nothing(method: str, path: str) -> None: ...

    door.look = look
    first = await compare_one_by_one(site)
    second = await compared(site)
    assert (first.state, second.state) == ("failed", "failed")
    assert first.is_target_down
    assert second.is_target_down
    assert steps(store, first.run) == ["create-account cyd failed", "create-account dot dropped"]
    assert steps(store, second.run) == []
    assert company.pending() == {cyd, dot}
    with store.read() as connection:
        assert len(observed.managed(connection, TARGET)) == 2


async def test_a_cancelled_run_stops_within_one_call_and_leaves_the_rest_due(
    site: Site, store: Store, company: Company, door: Door, confluence: Confluence
) -> None:
    users = [company.hire(name) for name in ("ada", "ben", "cyd")]
    stop = Stop()
    await site.target.capabilities()

    async def look(method: str, path: str) -> None:
        if method == "POST":
            stop.ask("cancelled by bob", cancel=True)

    door.look = look
    ended = await pushed(site, stop, at_once=1)
    assert (ended.state, ended.is_target_down) == ("cancelled", False)
    assert effects(confluence) == ["create-account ada Ada <ada@contoso.example>"]
    assert [step.split()[-1] for step in steps(store, ended.run)] == ["done", "dropped", "dropped"]
    assert company.pending() == set(users[1:])
    assert errors(store, ended.run)["create-account cyd"] == "cancelled by bob"


async def test_what_the_end_of_the_engine_left_is_due_at_once_and_did_not_fail(
    site: Site, store: Store, company: Company, door: Door
) -> None:
    users = [company.hire(name) for name in ("ada", "ben", "cyd")]
    stop = Stop()
    await site.target.capabilities()

    async def look(method: str, path: str) -> None:
        if method == "POST":
            stop.ask("the engine was stopped")

    door.look = look
    ended = await pushed(site, stop, at_once=1)
    assert ended.state == "failed"
    assert waiting(store) == dict.fromkeys(users[1:], 0)
    assert due_now(site) == set(users[1:])


async def test_drift_that_a_stopped_run_left_has_a_key_afterwards(
    site: Site, store: Store, company: Company, door: Door, confluence: Confluence
) -> None:
    users = [company.hire(name) for name in ("ada", "ben")]
    await compared(site)
    for name in ("ada", "ben"):
        confluence.change_account(name, full_name="Somebody")
    stop = Stop()

    async def look(method: str, path: str) -> None:
        if method == "PUT":
            stop.ask("the engine was stopped")

    door.look = look
    await compare_one_by_one(site, stop)
    assert due_now(site) == {users[1]}


async def test_the_intent_is_committed_before_the_call_is_made(
    site: Site, store: Store, company: Company, door: Door
) -> None:
    company.form("Crew", [company.hire("ada")])
    await site.target.capabilities()
    begun: list[str] = []

    async def look(method: str, path: str) -> None:
        if method in ("POST", "PUT"):
            with store.read() as connection:
                begun.extend(stored.change.kind for stored in changes.intents(connection, TARGET))

    door.look = look
    await pushed(site)
    assert begun == ["create-group", "create-account", "add-member"]
    with store.read() as connection:
        assert changes.intents(connection, TARGET) == []


async def test_the_exchanges_of_a_change_carry_run_change_and_cause(site: Site, store: Store, company: Company) -> None:
    ada = company.hire("ada")
    cause = store.writer.write_now(lambda tx: tx.log(Exchange("in", "entra", 1, 1, "POST", "/Users", 201)))

    def caused(tx: Transaction) -> None:
        stored = identities.find(tx.connection, "entra", "User", ada)
        assert stored is not None
        identities.replace(tx, "User", stored, stored.document, cause)
        pending.touch(tx, [TARGET], "user", [ada], cause)

    store.writer.write_now(caused)
    run = (await pushed(site)).run
    with store.read() as connection:
        (stored,) = changes.of_run(connection, run)
        made = exchanges.of_change(connection, stored.id, 9)
        led_to = exchanges.caused_by(connection, cause, 99)
    first = made[0]
    assert (first.method, first.run, first.change, first.cause) == ("POST", run, stored.id, cause)
    assert {each.method for each in made} == {"POST", "GET"}  # and the read that shows the new account
    assert {each.id for each in made} <= {each.id for each in led_to}
    assert {each.run for each in led_to} == {run}


async def test_the_exchanges_of_a_change_that_failed_are_kept_with_it(
    site: Site, store: Store, company: Company, door: Door
) -> None:
    company.hire("ada")
    await site.target.capabilities()
    door.refusals = (Refusal("POST", "/admin/user"),)
    run = (await pushed(site)).run
    with store.read() as connection:
        (stored,) = changes.of_run(connection, run)
        made = exchanges.of_change(connection, stored.id, 9)
    assert [(each.method, each.status) for each in made] == [("POST", 400)]


class TestLeads:
    """What a leaver leads goes first; where it cannot, the leaver's account stays."""

    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(users=UserRules(default_project_lead="ben"))

    async def test_an_account_whose_lead_could_not_be_moved_is_not_deactivated_and_all_others_are(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        instant.able = replace(instant.able, leads=None)
        ada, _, cyd = (company.hire(name) for name in ("ada", "ben", "cyd"))
        await compared(quick)
        instant.leads = {"project:SHIP": Lead("project", "SHIP", "SHIP", "Ship", "ada")}
        company.dismiss(ada)
        company.dismiss(cyd)
        instant.failing = lambda call, name: Refused("No.") if call == "move-lead" else None
        run = (await compared(quick)).run
        assert steps(store, run) == [
            "move-lead ada failed",
            "deactivate-account ada dropped",
            "deactivate-account cyd done",
        ]
        waits = "waits for the lead of project:SHIP, which could not be moved"
        assert errors(store, run)["deactivate-account ada"] == waits
        assert waiting(store) == {ada: 1}
