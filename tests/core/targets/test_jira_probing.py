"""What a Jira can do is asked of it, without any effect, and remembered for a while."""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import orjson
import pytest
from jira_site import JiraSite, jira_site
from scripted import Bench, Reply

from core.planning.values import Capabilities
from core.sandbox.jira import Directory, Jira, LocalAccount, Quirks, Settings
from core.targets.auth import BearerAuth
from core.targets.jira import Jira as Target
from core.targets.jira.names import NAME_RULES
from core.targets.jira.probing import FRESH_FOR, RENAME_GROUP
from core.targets.offline import at_best
from core.targets.protocol import CredentialFailed


def jira_site_as(jira: Jira, name: str) -> AbstractAsyncContextManager[JiraSite]:
    return jira_site(jira, auth=BearerAuth(jira.issue_token(name)))


ALL = Capabilities(
    rename_user=None, delete_user=None, delete_group=None, rename_group=RENAME_GROUP, leads=None, names=NAME_RULES
)


@pytest.mark.parametrize("version", ["8.20", "9.12", "10.0", "10.3", "11.0"])
async def test_every_version_can_do_all_but_rename_groups_and_nothing_happens(version: str) -> None:
    async with jira_site(Jira.with_defaults(version=version)) as site:
        assert await site.target.capabilities() == ALL == at_best("jira")
        assert site.effects == []


async def test_what_was_found_holds_for_a_while() -> None:
    async with jira_site(Jira.with_defaults()) as site:
        await site.target.capabilities()
        asked = len(site.log)
        await site.target.capabilities()
        assert len(site.log) == asked
        await site.hurry.sleep(FRESH_FOR)
        await site.target.capabilities()
        assert len(site.log) == 2 * asked


async def test_without_a_writable_directory_only_creating_accounts_is_impossible() -> None:
    jira = Jira(directories=(Directory(2, "LDAP", "CONNECTOR", writable=False),))
    jira.add_account(LocalAccount("root", "R", "r@example.com", groups=("jira-administrators",)))
    async with jira_site_as(jira, "root") as site:
        can = await site.target.capabilities()
        assert replace(can, create_user=None) == ALL
        assert can.create_user is not None
        assert "read-only" in can.create_user


async def test_external_user_management_is_told_before_anything_is_created() -> None:
    jira = Jira.with_defaults(settings=Settings(external_user_management=True))
    async with jira_site(jira) as site:
        assert "external user management" in ((await site.target.capabilities()).create_user or "")


async def test_a_call_that_is_not_there_is_told_with_the_way_round() -> None:
    me, info = {"name": "me", "key": "me"}, {"version": "7.0.0"}
    replies = [Reply(200, orjson.dumps(each)) for each in (me, [], info)]
    absent = Reply(404, b'{"message":"null for uri: http://x","status-code":404}')
    can = await Target(Bench(*replies, absent).http).capabilities()
    assert can.create_user == (
        "Jira 7.0.0 cannot create accounts over its REST API. Upgrade it, or provision the Crowd that it takes its "
        "users from."
    )
    assert all((can.update_user, can.rename_user, can.set_active, can.delete_user, can.members, can.leads))


async def test_without_administration_nothing_is_probed() -> None:
    jira = Jira.with_defaults([LocalAccount("jane", "J", "j@example.com")], quirks=Quirks())
    async with jira_site_as(jira, "jane") as site:
        with pytest.raises(CredentialFailed, match="no Jira administrator"):
            await site.target.capabilities()
        assert {line.split()[0] for line in site.lines} == {"GET"}
