"""What leavers lead is read where it may matter, and nowhere else: it takes a call for every project."""

from typing import Any

import pytest

from core.apply import drafting
from core.apply.drafting import Draft, draft_some, draft_whole
from core.apply.site import Site
from core.apply.stopping import Stop
from core.planning.changes import ChangeKind
from core.planning.plan import plan
from core.planning.rules import AttributeCheck, GroupRules, LeadRule, TargetRules, UserRules, UserScope
from core.planning.values import Account, Capabilities, Lead, World
from core.store import Store, Transaction, links, observed, runs
from core.targets.confluence.names import NAME_RULES
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, pushed

MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.fixture
def instant() -> Instant:
    names = ("ada", "ben", "cyd", "support")
    accounts = [Account(f"a-{name}", name, name, name.title(), f"{name}@x", True, frozenset()) for name in names]
    target = Instant(accounts, capabilities=Capabilities(names=NAME_RULES, leads=None))
    members = {"Developers": ("ben",), "Testers": ("cyd",)}
    target.leads = {"project:ABC": Lead("project", "ABC", "ABC", "Alphabet", "ada", members)}
    return target


@pytest.fixture
def rules() -> TargetRules:
    leads = (LeadRule(("manager", "role:Developers")),)
    return TargetRules(UserRules(leads=leads, default_project_lead="support"), GroupRules(mode="off"))


def linked(store: Store, instant: Instant, user: str, name: str) -> None:
    def link(tx: Transaction) -> None:
        links.put(tx, TARGET, user, f"a-{name}", name, name, "created", 1)
        observed.see_accounts(tx, TARGET, [instant.accounts[f"a-{name}"]])

    store.writer.write_now(link)


@pytest.fixture
def ada(store: Store, company: Company, instant: Instant) -> str:
    ident = company.hire("ada", email="ada@x")
    linked(store, instant, ident, "ada")
    return ident


def asked(instant: Instant, call: str) -> list[str]:
    return [name for each, name in instant.calls if each == call]


async def some(quick: Site, *users: str) -> Draft:
    run = quick.store.writer.write_now(lambda tx: runs.start(tx, TARGET, "push", "1 key"))
    return await draft_some(quick, run, users, (), Stop())


async def whole(quick: Site) -> Draft:
    run = quick.store.writer.write_now(lambda tx: runs.start(tx, TARGET, "order", "all"))
    return await draft_whole(quick, run, Stop())


def moves(draft: Draft) -> list[tuple[str | None, object]]:
    return [(change.lead, change.after["lead"]) for change in draft.plan.changes if change.kind == ChangeKind.MOVE_LEAD]


async def test_nothing_is_asked_about_leads_while_nobody_leaves(quick: Site, instant: Instant, ada: str) -> None:
    await some(quick, ada)
    await whole(quick)
    assert asked(instant, "list-leads") == []


@pytest.mark.parametrize("everything", [True, False])
async def test_what_a_leaver_leads_is_read_with_the_roles_that_rules_name(
    quick: Site, company: Company, instant: Instant, ada: str, everything: bool
) -> None:
    company.dismiss(ada)
    draft = await (whole(quick) if everything else some(quick, ada))
    assert asked(instant, "list-leads") == ["Developers"]
    assert moves(draft) == [("project:ABC", "ben")]


@pytest.mark.parametrize("everything", [True, False])
async def test_the_leavers_manager_takes_over_whose_account_is_looked_up(
    quick: Site, store: Store, company: Company, instant: Instant, ada: str, everything: bool
) -> None:
    cyd = company.hire("cyd", email="cyd@x")
    linked(store, instant, cyd, "cyd")
    company.change(ada, **{MANAGER: {"manager": {"value": cyd}}})
    company.dismiss(ada)
    draft = await (whole(quick) if everything else some(quick, ada))
    assert moves(draft) == [("project:ABC", "cyd")]
    assert {change.user_id for change in draft.plan.changes} == {ada}


async def test_a_manager_may_be_named_by_user_name(
    quick: Site, store: Store, company: Company, instant: Instant, ada: str
) -> None:
    linked(store, instant, company.hire("cyd", email="cyd@x"), "cyd")
    company.change(ada, **{MANAGER: {"manager": {"value": "cyd"}}})
    company.dismiss(ada)
    assert moves(await some(quick, ada)) == [("project:ABC", "cyd")]


async def test_where_no_rule_finds_anybody_the_default_is_looked_up(
    quick: Site, company: Company, instant: Instant, ada: str
) -> None:
    instant.leads = {"project:ABC": Lead("project", "ABC", "ABC", "Alphabet", "ada")}
    company.dismiss(ada)
    assert moves(await some(quick, ada)) == [("project:ABC", "support")]
    assert asked(instant, "find-account") == ["ada", "support"]


async def test_nobody_is_looked_up_for_a_leaver_who_leads_nothing(
    quick: Site, company: Company, instant: Instant, ada: str
) -> None:
    instant.leads = {"project:ABC": Lead("project", "ABC", "ABC", "Alphabet", "ben")}
    company.dismiss(ada)
    assert moves(await some(quick, ada)) == []
    assert asked(instant, "find-account") == ["ada"]


@pytest.mark.parametrize("everything", [True, False])
async def test_a_leaver_whose_account_is_inactive_already_asks_nothing(
    quick: Site, store: Store, company: Company, instant: Instant, ada: str, everything: bool
) -> None:
    await instant.set_active("ada", False)
    linked(store, instant, ada, "ada")
    company.dismiss(ada)
    await (whole(quick) if everything else some(quick, ada))
    assert asked(instant, "list-leads") == []


async def test_where_a_product_has_no_leads_none_are_asked_for(
    quick: Site, company: Company, instant: Instant, ada: str
) -> None:
    instant.able = Capabilities(names=NAME_RULES)
    company.dismiss(ada)
    await some(quick, ada)
    await whole(quick)
    assert asked(instant, "list-leads") == []


async def test_who_leaves_while_the_target_is_read_waits_until_what_it_leads_was_read(
    quick: Site, company: Company, instant: Instant, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it was asked who leaves, nobody did; and whose account goes unread keeps what it leads for ever."""
    is_asked = drafting._leads_of_all

    async def leaves_then(*asked: Any) -> object:
        found = await is_asked(*asked)
        company.dismiss(ada)
        return found

    monkeypatch.setattr(drafting, "_leads_of_all", leaves_then)
    await compared(quick)
    assert (instant.effects, company.pending()) == ([], {ada})
    monkeypatch.undo()
    await pushed(quick)
    assert instant.effects == [("move-lead", "project:ABC", "ben"), ("deactivate-account", "ada")]


@pytest.mark.parametrize("everything", [True, False])
async def test_what_was_not_asked_for_is_not_known(quick: Site, ada: str, everything: bool) -> None:
    """That nobody leads anything would be another answer."""
    seen: list[World] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drafting, "plan", lambda world, rules: seen.append(world) or plan(world, rules))
        await (whole(quick) if everything else some(quick, ada))
    assert [world.leads for world in seen] == [None]


class TestKept:
    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(UserRules(when_inactive="keep"), GroupRules(mode="off"))

    async def test_where_accounts_of_leavers_stay_nothing_is_asked(
        self, quick: Site, company: Company, instant: Instant, ada: str
    ) -> None:
        company.dismiss(ada)
        await some(quick, ada)
        await whole(quick)
        assert asked(instant, "list-leads") == []


class TestOutOfScope:
    @pytest.fixture
    def rules(self) -> TargetRules:
        scope = UserScope(where=(AttributeCheck("displayName", match="^Ben"),))
        users = UserRules(when_out_of_scope="inactive", scope=scope, default_project_lead="support")
        return TargetRules(users, GroupRules(mode="off"))

    @pytest.mark.parametrize("everything", [True, False])
    @pytest.mark.usefixtures("company")
    async def test_one_who_is_out_of_scope_may_be_a_leaver(self, quick: Site, ada: str, everything: bool) -> None:
        draft = await (whole(quick) if everything else some(quick, ada))
        assert moves(draft) == [("project:ABC", "support")]
