"""Conflicts that others can free: who gives up what they turn on frees them, and nobody else is looked at for it."""

import pytest

from core.apply import drafting
from core.apply.site import Site
from core.planning.rules import GroupRules, LeadRule, OnTheFly, TargetRules, UserRules, ValueRule
from core.planning.values import Account, Capabilities, Lead
from core.store import Store
from core.targets.confluence.names import NAME_RULES
from core.targets.protocol import Refused
from tests.core.apply.company import Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, due_now, held, pushed, waiting

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def are_active(instant: Instant) -> dict[str, bool]:
    """The accounts, by name, and whether they are active."""
    return {account.name: account.active for account in instant.accounts.values()}


class TestOneAccount:
    """C03: several users match one account."""

    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(UserRules(matching=("email",)), GroupRules())

    @pytest.mark.parametrize("how", ["is deleted", "has another address"])
    async def test_who_matches_an_account_as_well_frees_it_by_going(
        self, quick: Site, store: Store, company: Company, instant: Instant, how: str
    ) -> None:
        instant.accounts["x"] = Account("x", "boss", "boss", "Boss", "same@x", True, frozenset())
        await compared(quick)
        first, second = company.hire("ada", email="same@x"), company.hire("ben", email="same@x")
        await pushed(quick)
        assert held(store) == {("C03", f"user:{first}"), ("C03", f"user:{second}")}
        if how == "is deleted":
            company.delete("User", second)
        else:
            company.change(second, emails=[{"type": "work", "value": "ben@x"}])
        await pushed(quick)
        assert held(store) == set()

    async def test_who_matches_several_accounts_frees_each_by_going(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        for name in ("boss", "deputy"):
            instant.accounts[name] = Account(name, name, name, "Boss", "same@x", True, frozenset())
        await compared(quick)
        ada = company.hire("ada", email="same@x")
        await pushed(quick)
        assert held(store) == {("C02", f"user:{ada}")}
        ben = company.hire("ben", email="same@x")
        await pushed(quick)
        company.change(ada, emails=[{"type": "work", "value": "ada@x"}])
        await pushed(quick)
        assert held(store) == {("C02", f"user:{ben}")}


class TestNewNames:
    """C12: the name that an account is to get is another's."""

    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(UserRules(username=ValueRule("displayName")), GroupRules())

    @pytest.fixture
    def instant(self) -> Instant:
        return Instant(capabilities=Capabilities(rename_user=None, names=NAME_RULES))

    async def test_a_name_is_free_for_who_waits_for_it_once_its_account_is_renamed(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        ada, ben = company.hire("a", display_name="ada"), company.hire("b", display_name="ben")
        await pushed(quick)
        company.change(ada, displayName="ben")
        await pushed(quick)
        assert held(store) == {("C12", f"user:{ada}")}
        company.change(ben, displayName="bob")
        await pushed(quick)
        assert (held(store), company.pending()) == (set(), set())
        assert are_active(instant) == {"ben": True, "bob": True}

    async def test_a_whole_run_leaves_who_waits_for_a_name_that_it_frees_to_the_next_push(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        ada, ben = company.hire("a", display_name="ada"), company.hire("b", display_name="ben")
        await compared(quick)
        company.change(ada, displayName="ben")
        company.change(ben, displayName="bob")
        await compared(quick)
        assert (held(store), due_now(quick)) == ({("C12", f"user:{ada}")}, {ada})
        await pushed(quick)
        assert are_active(instant) == {"ben": True, "bob": True}

    async def test_who_wanted_the_same_new_name_frees_it_by_wanting_another(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        ada, ben = company.hire("a", display_name="ada"), company.hire("b", display_name="ben")
        await pushed(quick)
        company.change(ada, displayName="eve")
        company.change(ben, displayName="eve")
        await pushed(quick)
        assert held(store) == {("C12", f"user:{ada}"), ("C12", f"user:{ben}")}
        company.change(ben, displayName="ben")
        await pushed(quick)
        assert held(store) == set()
        assert are_active(instant) == {"eve": True, "ben": True}


class TestFolded:
    """C23: IdP groups become one target group."""

    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(UserRules(), GroupRules(on_the_fly=OnTheFly(match="^(.*)-.*$", replace="$1")))

    @pytest.mark.parametrize("how", ["is deleted", "is renamed"])
    async def test_a_group_that_became_the_same_target_group_frees_it_by_going(
        self, quick: Site, store: Store, company: Company, instant: Instant, how: str
    ) -> None:
        first = company.form("Crew-1", [company.hire("ada")])
        second = company.form("Crew-2", [company.hire("ben")])
        await pushed(quick)
        assert held(store) == {("C23", f"group:{first}"), ("C23", f"group:{second}")}
        if how == "is deleted":
            company.delete("Group", second)
        else:
            company.rename_group(second, "Deck-2")
        await pushed(quick)
        assert held(store) == set()
        assert ("add-member", "ada", "Crew") in instant.effects

    @pytest.mark.parametrize("how", ["are deleted", "are renamed"])
    async def test_groups_of_one_name_that_stand_in_the_way_of_another_free_it_by_going(
        self, quick: Site, store: Store, company: Company, instant: Instant, how: str
    ) -> None:
        alike = [company.form(name) for name in ("Crew-1", "crew-1 ")]
        other = company.form("Crew-2", [company.hire("ada")])
        await pushed(quick)
        assert held(store) == {*(("C22", f"group:{group}") for group in alike), ("C23", f"group:{other}")}
        for at, group in enumerate(alike):
            if how == "are deleted":
                company.delete("Group", group)
            else:
                company.rename_group(group, f"Deck{at}-1")
        await pushed(quick)
        assert held(store) == set()
        assert ("add-member", "ada", "Crew") in instant.effects


async def test_a_target_group_that_another_group_fed_is_free_once_that_one_is_deleted(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    first = company.form("Crew", [company.hire("ada")])
    await pushed(quick)
    company.rename_group(first, "Deck")
    await pushed(quick)
    second = company.form("Crew", [company.hire("ben")])
    await pushed(quick)
    assert held(store) == {("C26", f"group:{second}")}
    company.delete("Group", first)
    await pushed(quick)
    assert held(store) == set()
    assert ("add-member", "ben", "Crew") in instant.effects


class TestRenamedGroups:
    """C26: the name that a target group is to get is another's."""

    @pytest.fixture
    def instant(self) -> Instant:
        return Instant(capabilities=Capabilities(rename_group=None, names=NAME_RULES))

    async def test_a_name_is_free_for_the_group_that_waits_for_it_once_its_target_group_is_renamed(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        first, second = company.form("Crew"), company.form("Deck")
        await pushed(quick)
        company.rename_group(second, "Bridge")
        company.rename_group(first, "Deck")
        await pushed(quick)
        assert (held(store), company.pending()) == (set(), set())
        assert set(instant.groups) == {"deck", "bridge"}


class TestSuccessors:
    """C30: nobody takes over what a leaver leads."""

    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(
            UserRules(leads=(LeadRule(to=("manager", "user:deputy")),), default_project_lead="support"), GroupRules()
        )

    @pytest.fixture
    def instant(self) -> Instant:
        return Instant(capabilities=Capabilities(leads=None, names=NAME_RULES))

    @pytest.fixture
    async def ada(self, quick: Site, store: Store, company: Company, instant: Instant) -> str:
        """She leads a project, leaves, and nobody takes it over."""
        boss, ada = company.hire("boss"), company.hire("ada")
        company.change(ada, **{ENTERPRISE: {"manager": {"value": boss}}})
        await compared(quick)
        instant.leads["project:P"] = Lead("project", "P", "P", "P", "ada")
        company.dismiss(boss)
        await pushed(quick)
        company.dismiss(ada)
        await pushed(quick)
        assert held(store) == {("C30", f"user:{ada}")}
        self.boss = boss
        return ada

    async def test_a_manager_who_comes_back_takes_over(
        self, quick: Site, store: Store, company: Company, instant: Instant, ada: str
    ) -> None:
        company.change(self.boss, active=True)
        await pushed(quick)
        assert (held(store), company.pending()) == (set(), set())
        assert are_active(instant) == {"boss": True, "ada": False}
        assert instant.leads["project:P"].account_key == "boss"

    @pytest.mark.parametrize("name", ["deputy", "support"])
    async def test_somebody_whom_a_rule_names_takes_over_once_there_is_an_account(
        self, quick: Site, store: Store, company: Company, instant: Instant, ada: str, name: str
    ) -> None:
        company.hire(name)
        await pushed(quick)
        assert (held(store), company.pending()) == (set(), set())
        assert instant.leads["project:P"].account_key == name

    async def test_a_new_manager_takes_over_who_was_named_before_there_was_one(
        self, quick: Site, store: Store, company: Company, instant: Instant, ada: str
    ) -> None:
        company.change(ada, **{ENTERPRISE: {"manager": {"value": "Mia"}}})
        await pushed(quick)
        assert held(store) == {("C30", f"user:{ada}")}
        company.hire("mia")
        await pushed(quick)
        assert (held(store), company.pending()) == (set(), set())
        assert instant.leads["project:P"].account_key == "mia"


async def test_a_push_about_others_costs_the_same_whatever_is_held(
    quick: Site, store: Store, company: Company, instant: Instant, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = [company.hire(f"user{number}") for number in range(10)]
    company.form("Crew", staff)
    company.form("Crew ", staff[:1])
    await compared(quick)
    assert {kind for kind, _ in held(store)} == {"C22"}
    monkeypatch.setattr(drafting, "WIDE", 5)
    company.hire("ada")
    instant.calls.clear()
    await pushed(quick)
    assert {call for call, name in instant.calls if "user" in name} == set()
    assert "list-accounts" not in {call for call, _ in instant.calls}


async def test_who_may_be_freed_and_cannot_be_read_is_looked_at_later(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    """It does not hold up who frees it, and is not forgotten either."""
    first, second = company.hire("eve"), company.hire("eve ", email="eve2@x")
    await pushed(quick)
    assert held(store) == {("C14", f"user:{first}"), ("C14", f"user:{second}")}
    instant.failing = lambda call, name: Refused("no") if (call, name) == ("find-account", "eve") else None
    company.change(second, userName="mia")
    await pushed(quick)
    assert "mia" in are_active(instant)
    assert waiting(store) == {first: 1}
