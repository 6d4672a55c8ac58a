"""An undoing that is undone leaves all as the run itself had left it: names, memberships, and whose these are."""

from dataclasses import replace

import pytest

from core.apply.site import Site
from core.planning.rules import GroupRules, TargetRules, UserRules
from core.planning.values import Account, Capabilities, TargetGroup
from core.store import Store, observed
from core.targets.confluence.names import NAME_RULES
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, run_of, steps
from tests.core.apply.test_undoing import put_back, undone


@pytest.fixture
def instant() -> Instant:
    """A product that renames accounts, with one group."""
    target = Instant(capabilities=Capabilities(rename_user=None, names=NAME_RULES))
    target.groups["basics"] = TargetGroup("Basics", "basics")
    return target


def names(instant: Instant) -> set[str]:
    return {account.name for account in instant.accounts.values()}


async def test_a_new_name_is_taken_back_and_given_again(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    ada = company.hire("ada")
    await compared(quick)
    company.change(ada, userName="lovelace")
    run = (await compared(quick)).run
    assert (steps(store, run), names(instant)) == (["rename-account ada done"], {"lovelace"})
    undoing = await put_back(quick, run)
    assert names(instant) == {"ada"}
    await put_back(quick, undoing)
    assert names(instant) == {"lovelace"}


class TestGivenOnce:
    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(groups=GroupRules(default_for_new=("Basics",)))

    async def test_a_membership_that_was_given_once_is_not_ours_after_it(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        company.hire("ada")
        run = (await compared(quick)).run
        await put_back(quick, await put_back(quick, run))
        assert [account.groups for account in instant.accounts.values()] == [frozenset({"basics"})]
        with store.read() as connection:
            assert observed.managed(connection, TARGET) == set()


class TestProtectedSince:
    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(UserRules(protect=("eve",)))

    async def test_what_is_protected_by_now_is_not_undone(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        """Renamed by hand since, to a name that is protected."""
        company.hire("ada")
        company.hire("ben")
        run = (await compared(quick)).run
        ada: Account = next(account for account in instant.accounts.values() if account.name == "ada")
        instant.accounts[ada.id] = replace(ada, name="eve", key="eve")
        ended = await undone(quick, run)
        assert steps(store, ended.run) == ["deactivate-account ben planned"]
        assert any("users.protect" in note for note in run_of(store, ended.run).sentences)
