"""What an admin took out of a plan waits for approval again, under whatever name or id it is planned anew."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from core.apply.excluding import exclude
from core.apply.site import Site
from core.planning.rules import GroupRules, TargetRules
from core.planning.values import TargetGroup
from core.store import Store, changes
from tests.core.apply.braked import BRAKED, ids, waiting_run, waiting_runs
from tests.core.apply.company import Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import HELD, approved, compared, pushed, run_of, steps


def of_kind(store: Store, run: int, kind: str) -> list[int]:
    """Ids of the changes of a run of this kind."""
    with store.read() as connection:
        return [each.id for each in changes.of_run(connection, run) if each.change.kind == kind]


async def without(site: Site, run: int, numbers: Iterable[int]) -> None:
    """Approve a plan without these changes."""
    await exclude(site.store, run, list(numbers), "ada@console")
    await approved(site, run)


async def test_a_membership_taken_out_beside_its_new_account_is_not_added_once_the_account_is_there(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.form("Admins", [company.hire("ada")])
    run = (await compared(quick, HELD)).run
    await without(quick, run, of_kind(store, run, "add-member"))
    await compared(quick)
    assert [effect[0] for effect in instant.effects] == ["create-group", "create-account"]
    again = waiting_run(store)
    assert steps(store, again.id) == ["add-member ada Admins planned"]
    assert [(hold.brake, hold.cause) for hold in again.holds] == [("excluded", f"Taken out of run {run}.")]


async def test_it_is_like_any_other_change_once_it_was_approved_after_all(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    ada = company.hire("ada")
    admins = company.form("Admins", [ada])
    run = (await compared(quick, HELD)).run
    await without(quick, run, of_kind(store, run, "add-member"))
    await compared(quick)
    await approved(quick, waiting_run(store).id)
    company.leave(admins, ada)
    await compared(quick)
    company.join(admins, ada)
    await compared(quick)
    assert waiting_runs(store) == []
    assert instant.effects[-1] == ("add-member", "ada", "Admins")


async def test_a_creation_taken_out_waits_under_any_other_name_of_its_user(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    ada = company.hire("ada")
    company.hire("ben")
    run = (await compared(quick, HELD)).run
    await without(quick, run, ids(store, run, "ada"))
    company.change(ada, userName="ada.king", displayName="Ada King")
    await pushed(quick)
    assert [account.name for account in instant.accounts.values()] == ["ben"]
    assert steps(store, waiting_run(store).id) == ["create-account ada.king planned"]


async def test_another_value_than_the_one_taken_out_is_another_change(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    ada = company.hire("ada")
    await compared(quick)
    company.change(ada, displayName="Adda")
    run = (await compared(quick, HELD)).run
    await exclude(store, run, ids(store, run, "ada"), "ada@console")
    company.change(ada, displayName="Ada King")
    await compared(quick)
    assert [account.display_name for account in instant.accounts.values()] == ["Ada King"]


async def test_a_value_taken_out_waits_though_another_one_came_with_it(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    ada = company.hire("ada")
    await compared(quick)
    company.change(ada, displayName="Adda")
    run = (await compared(quick, HELD)).run
    await exclude(store, run, ids(store, run, "ada"), "ada@console")
    company.change(ada, emails=[{"type": "work", "value": "adda@contoso.example"}])
    await compared(quick)
    assert [account.display_name for account in instant.accounts.values()] == ["Ada"]
    assert steps(store, waiting_run(store).id) == ["update-account ada planned"]


class TestOfAccountsThatWereThere:
    @pytest.fixture
    def rules(self) -> TargetRules:
        return BRAKED

    async def test_a_deactivation_taken_out_waits_though_the_account_was_renamed(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        staff = [company.hire(name) for name in ("ada", "ben", "cyd")]
        await compared(quick)
        for user in staff[:2]:
            company.dismiss(user)
        await compared(quick)
        run = waiting_run(store).id
        await without(quick, run, ids(store, run, "ben"))
        (ben,) = (account for account in instant.accounts.values() if account.name == "ben")
        instant.accounts[ben.id] = replace(ben, name="bee", key="bee")
        await compared(quick)
        assert instant.accounts[ben.id].active
        assert steps(store, waiting_run(store).id) == ["deactivate-account bee planned"]

    async def test_a_push_does_not_put_it_back_into_the_plan_it_was_taken_out_of(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        staff = {name: company.hire(name) for name in ("ada", "ben", "cyd")}
        await compared(quick)
        for user in staff.values():
            company.dismiss(user)
        await compared(quick)
        run = waiting_run(store)
        await exclude(store, run.id, ids(store, run.id, "ben"), "ada@console")
        (ben,) = (account for account in instant.accounts.values() if account.name == "ben")
        instant.accounts[ben.id] = replace(ben, name="bee", key="bee")
        company.dismiss(staff["ben"])
        await pushed(quick)
        assert steps(store, run.id) == [
            "deactivate-account ada planned",
            "deactivate-account ben excluded",
            "deactivate-account cyd planned",
        ]
        assert waiting_run(store).id == run.id


async def test_the_creation_of_a_group_waits_once_however_many_pushes_come_to_it(
    quick: Site, store: Store, company: Company
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    await compared(quick)
    company.form("Crew", [ada, ben])
    run = (await compared(quick, HELD)).run
    await exclude(store, run, of_kind(store, run, "create-group"), "ada@console")
    for name in ("Ada B.", "Ada C.", "Ada D."):
        company.change(ada, displayName=name)
        await pushed(quick)
    again = waiting_run(store)
    assert sorted(steps(store, again.id)) == [
        "add-member ada Crew planned",
        "add-member ben Crew planned",
        "create-group Crew planned",
    ]
    assert again.planned == 3


async def test_the_creation_of_a_group_that_is_not_needed_any_more_waits_no_longer(
    quick: Site, store: Store, company: Company
) -> None:
    ada = company.hire("ada")
    await compared(quick)
    crew = company.form("Crew", [ada])
    run = (await compared(quick, HELD)).run
    await exclude(store, run, of_kind(store, run, "create-group"), "ada@console")
    await pushed(quick)
    again = waiting_run(store)
    assert again.planned == 2
    company.leave(crew, ada)
    company.delete("Group", crew)
    await pushed(quick)
    assert waiting_runs(store) == []
    assert run_of(store, again.id).state == "dropped"


class TestOfDefaultGroups:
    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(groups=GroupRules(default_for_new=("Basics",)))

    async def test_a_default_membership_taken_out_waits_and_is_not_forgotten(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        instant.groups["basics"] = TargetGroup("Basics", "basics")
        company.hire("ada")
        run = (await compared(quick, HELD)).run
        await without(quick, run, of_kind(store, run, "add-member"))
        for _ in range(3):
            await compared(quick)
            assert steps(store, waiting_run(store).id) == ["add-member ada Basics planned"]
        await approved(quick, waiting_run(store).id)
        assert instant.effects[-1] == ("add-member", "ada", "Basics")
        assert (await compared(quick)).answer == "Nothing to change."
