"""What rules that are not saved would come to: planned for everybody, from the store alone."""

from dataclasses import replace

import pytest

from core.apply.site import Site
from core.apply.trying import Trial, tried
from core.apply.worlds import Setting
from core.planning.rules import BrakeRules, GroupMap, GroupRules, Limit, OnTheFly, TargetRules, UserRules, ValueRule
from core.planning.values import NO_PROBES, Account, Capabilities, TargetGroup
from core.store import Store
from core.store.clock import now_ms
from tests.core.apply.company import PROVIDER, TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, steps
from tests.core.apply.resolving import answer

OTHER_NAMES = UserRules(username=ValueRule("userName", replace="x-$0"))
MANUAL = GroupRules(mode="manual", map=(GroupMap(("Crew",), ("Staff",)),))


def trial(store: Store, rules: TargetRules, capabilities: Capabilities | None = None) -> Trial:
    setting = Setting(PROVIDER, TARGET, rules, capabilities or Capabilities(rename_user=None), NO_PROBES, now_ms())
    with store.read() as connection:
        return tried(connection, setting)


def shown(found: Trial) -> list[str]:
    return [" ".join(filter(None, (each.kind, each.account, each.group))) for each in found.plan.changes]


async def test_rules_that_are_carried_out_change_nothing(quick: Site, store: Store, company: Company) -> None:
    company.form("Crew", [company.hire("ada"), company.hire("zoe")])
    await compared(quick)
    found = trial(store, quick.settings.rules)
    assert shown(found) == []
    assert [account.name for account in found.world.accounts] == ["ada", "zoe"]
    assert found.seen_at is not None


async def test_other_rules_show_all_that_they_would_change(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.form("Crew", [company.hire("ada"), company.hire("zoe")])
    await compared(quick)
    calls = len(instant.calls)
    assert shown(trial(store, TargetRules(OTHER_NAMES))) == ["rename-account ada", "rename-account zoe"]
    assert shown(trial(store, TargetRules(groups=GroupRules(protect=("crew",))))) == []
    assert shown(trial(store, TargetRules(groups=GroupRules(on_the_fly=OnTheFly(exclude=("Crew",)))))) == [
        "remove-member ada Crew",
        "remove-member zoe Crew",
    ]
    assert len(instant.calls) == calls, "the target is asked nothing"


async def test_nothing_of_a_trial_is_kept(quick: Site, store: Store, company: Company) -> None:
    company.hire("ada")
    await compared(quick)
    trial(store, TargetRules(OTHER_NAMES))
    assert shown(trial(store, quick.settings.rules)) == []


def test_of_a_target_that_was_never_read_it_says_so(store: Store, company: Company) -> None:
    company.hire("ada")
    found = trial(store, TargetRules())
    assert (found.seen_at, shown(found)) == (None, ["create-account ada"])


async def test_brakes_that_the_rules_would_hit_are_shown(quick: Site, store: Store, company: Company) -> None:
    people = [company.hire(name) for name in ("ada", "bob", "zoe")]
    await compared(quick)
    for user in people[:2]:
        company.dismiss(user)
    brakes = BrakeRules(deactivate=Limit(count=1))
    assert [hold.brake for hold in trial(store, TargetRules(brakes=brakes)).plan.holds] == ["brakes.deactivate"]
    assert trial(store, TargetRules()).plan.holds == ()


class TestAnswers:
    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(UserRules(matching=("id",)), GroupRules(mode="off"))

    async def test_what_admins_answered_stands(
        self, quick: Site, store: Store, company: Company, instant: Instant, rules: TargetRules
    ) -> None:
        instant.accounts["key-ada"] = Account("key-ada", "ada", "ada", "Ada", "ada@contoso.example", True, frozenset())
        company.hire("ada")
        await compared(quick)
        assert [conflict.kind for conflict in trial(store, rules).plan.conflicts] == ["C01"]
        answer(store, "C01", "N", "ada2")
        found = trial(store, rules)
        assert (found.plan.conflicts, shown(found)) == ((), ["create-account ada2"])


async def test_a_group_whose_members_were_never_read_is_named(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    instant.groups["staff"] = TargetGroup("Staff", "staff")
    company.form("Crew", [company.hire("ada")])
    await compared(quick)
    assert trial(store, TargetRules(groups=MANUAL)).unread == ("Staff",)
    assert trial(store, quick.settings.rules).unread == (), (
        "manciple made the group Crew, so that it knows who is in it"
    )
    await compared(replace(quick, settings=replace(quick.settings, rules=TargetRules(groups=MANUAL))))
    assert trial(store, TargetRules(groups=MANUAL)).unread == (), "it was read since"


async def test_it_is_the_plan_that_a_comparison_makes(quick: Site, store: Store, company: Company) -> None:
    company.form("Crew", [company.hire("ada")])
    company.form("Staff", [company.hire("zoe")])
    await compared(quick)
    foreseen = shown(trial(store, TargetRules(groups=MANUAL)))
    ran = await compared(replace(quick, settings=replace(quick.settings, rules=TargetRules(groups=MANUAL))))
    assert [f"{change} done" for change in foreseen] == steps(store, ran.run) != []
