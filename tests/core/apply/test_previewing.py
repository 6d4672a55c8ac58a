"""What an answer would lead to, shown before it is given: from the store alone."""

import pytest

from core.apply.previewing import Preview, preview
from core.apply.resolving import answered_with, chosen
from core.apply.site import Site
from core.apply.worlds import Setting
from core.planning.rules import GroupRules, TargetRules, UserRules
from core.planning.values import NO_PROBES, Capabilities
from core.store import Store
from core.store.clock import now_ms
from tests.core.apply.company import PROVIDER, TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, pushed
from tests.core.apply.resolving import NO_RULES, open_one
from tests.core.apply.test_resolving import local


def previewed(site: Site, kind: str, key: str, value: str | None = None, subject: str | None = None) -> Preview:
    _, conflict = open_one(site.store, kind, subject)
    setting = Setting(PROVIDER, TARGET, site.rules, Capabilities(), NO_PROBES, now_ms())
    with site.store.read() as connection:
        answer = answered_with(connection, TARGET, conflict, chosen(conflict, key), value, NO_RULES)
        return preview(connection, setting, conflict, answer)


def shown(found: Preview) -> list[str]:
    return [" ".join(filter(None, (each.kind, each.account, each.group))) for each in found.changes]


class TestLink:
    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(UserRules(matching=("id",)), GroupRules())

    async def test_a_link_is_shown_with_the_memberships_that_follow(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        instant.accounts["key-ada"] = local("ada", "other@contoso.example")
        company.form("Crew", [company.hire("ada")])
        await compared(quick)
        found = previewed(quick, "C01", "L")
        assert shown(found) == ["link-account ada", "update-account ada", "add-member ada Crew"]
        assert ([each.kind for each in found.ended], found.found, found.helps) == (["C01"], (), True)
        assert instant.effects == [each for each in instant.effects if each[0] == "create-group"], "nothing is done"


async def test_who_is_freed_by_an_answer_is_shown_too(quick: Site, store: Store, company: Company) -> None:
    one, other = company.form("Crew", [company.hire("ada")]), company.form("crew ", [company.hire("zoe")])
    await pushed(quick)
    found = previewed(quick, "C22", "N", "Crew two", f"group:{other}")
    assert sorted(shown(found)) == [
        "add-member ada Crew",
        "add-member zoe Crew two",
        "create-group Crew",
        "create-group Crew two",
    ]
    assert {each.subject for each in found.ended} == {f"group:{one}", f"group:{other}"}
