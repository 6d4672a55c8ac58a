"""What a Crowd target knows about what it may do: probed without any effect, and remembered for a while."""

import pytest
from crowd_site import CrowdSite, crowd_site
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from core.sandbox.crowd import ALL_PERMISSIONS, Crowd, LocalAccount, Permission, Quirks
from core.targets.crowd.probing import FRESH_FOR
from core.targets.offline import at_best
from core.targets.protocol import CredentialFailed

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com", groups=("Staff",))
ALL = [
    "create_user",
    "update_user",
    "rename_user",
    "set_active",
    "delete_user",
    "create_group",
    "delete_group",
    "members",
]


async def lacking(site: CrowdSite) -> list[str]:
    can = await site.target.capabilities()
    return [field for field in ALL if getattr(can, field) is not None]


@pytest.mark.parametrize("values_later", [False, True])
@pytest.mark.parametrize("existence_later", [False, True])
async def test_an_application_that_may_do_all_can_do_all_but_rename_groups(
    values_later: bool, existence_later: bool
) -> None:
    quirks = Quirks(permission_before_values=values_later, permission_before_existence=existence_later)
    crowd = Crowd([JANE], quirks=quirks)
    async with crowd_site(crowd, attributes=["team"]) as site:
        before = crowd.snapshot()
        can = await site.target.capabilities()
        assert await lacking(site) == []
        assert "move its members" in (can.rename_group or "")
        assert can.attributes == {"first_name", "last_name", "team", "externalId"}
        assert (crowd.snapshot(), site.effects) == (before, [])


async def test_at_best_it_is_what_is_told_of_crowds_that_are_not_asked() -> None:
    async with crowd_site(Crowd()) as site:
        assert await site.target.capabilities() == at_best("crowd")


async def test_a_jira_that_serves_crowds_api_is_a_crowd() -> None:
    async with crowd_site(Crowd.as_jira([JANE], context_path="/jira")) as site:
        assert await lacking(site) == []


@pytest.mark.parametrize(
    ("permission", "field", "says"),
    [
        (Permission.ADD_USER, "create_user", "may not create users. Allow Add User in Crowd"),
        (Permission.ADD_GROUP, "create_group", "may not create groups. Allow Add Group in Crowd"),
    ],
)
async def test_a_missing_permission_to_create_is_told_before_anything_is_tried(
    permission: Permission, field: str, says: str
) -> None:
    crowd = Crowd([JANE])
    crowd.allow(*(ALL_PERMISSIONS - {permission}))
    async with crowd_site(crowd) as site:
        assert await lacking(site) == [field]
        assert says in getattr(await site.target.capabilities(), field)


async def test_other_permissions_are_seen_where_crowd_looks_at_them_first() -> None:
    crowd = Crowd([JANE], quirks=Quirks(permission_before_existence=True))
    crowd.allow()
    async with crowd_site(crowd, attributes=["team"]) as site:
        # A group that is not there is missed before it is asked whether its members may be changed.
        assert await lacking(site) == [field for field in ALL if field != "members"]
        assert (await site.target.capabilities()).attributes == {"first_name", "last_name"}


async def test_a_proxy_that_lets_no_writes_pass_is_no_lack_of_permissions() -> None:
    async with crowd_site(Crowd()) as site:
        crowd = site.simulator.app

        async def only_reads(scope: Scope, receive: Receive, send: Send) -> None:
            passes = scope["method"] in ("GET", "POST")
            await (crowd if passes else HTMLResponse("<h1>Forbidden</h1>", 403))(scope, receive, send)

        site.breaking.app = only_reads
        assert await lacking(site) == ["update_user", "set_active", "delete_user", "delete_group", "members"]
        assert "Let a proxy pass PUT" in ((await site.target.capabilities()).update_user or "")


async def test_before_2_8_4_accounts_keep_their_names() -> None:
    async with crowd_site(Crowd(version="2.8.3")) as site:
        assert await lacking(site) == ["rename_user"]
        assert "Crowd/2.8.3 cannot rename users" in ((await site.target.capabilities()).rename_user or "")


async def test_what_was_found_holds_for_a_while() -> None:
    crowd = Crowd()
    async with crowd_site(crowd) as site:
        assert await lacking(site) == []
        asked = len(site.log)
        crowd.allow()
        assert await lacking(site) == []
        assert len(site.log) == asked
        site.hurry.slept += FRESH_FOR
        assert await lacking(site) == ["create_user", "create_group"]


async def test_a_wrong_password_is_no_lack_of_permissions() -> None:
    async with crowd_site(Crowd()) as site:
        site.change_password()
        with pytest.raises(CredentialFailed, match="name and password"):
            await site.target.capabilities()
