"""One account, one group at a time: what Jira answers is taken only where it is whole and about who was asked for."""

from typing import Any

import orjson
import pytest
from jira_site import jira_site
from scripted import Bench, Reply

from core.sandbox.jira import Directory, Jira, LocalAccount
from core.targets.jira import Jira as Target
from core.targets.protocol import IncompleteRead, Unsupported

JANE = {"key": "JIRAUSER1", "name": "jane", "displayName": "Jane", "active": True}
IN_ONE = {"groups": {"size": 1, "items": [{"name": "Staff"}]}}


def target(*documents: Any) -> Target:
    return Target(Bench(*(Reply(200, orjson.dumps(document)) for document in documents)).http)


@pytest.mark.parametrize(
    "document",
    [
        JANE,
        JANE | {"groups": {"size": 2, "items": [{"name": "Staff"}]}},
        JANE | {"groups": {"size": 1}},
        JANE | {"groups": {"size": 1, "items": [{}]}},
        {"name": "jane"} | IN_ONE,
        {"key": "JIRAUSER1", "name": ""} | IN_ONE,
        ["jane"],
    ],
)
async def test_an_account_without_all_that_belongs_to_it_is_incomplete(document: Any) -> None:
    with pytest.raises(IncompleteRead):
        await target(document).find_account("jane")


async def test_an_answer_about_somebody_else_is_incomplete() -> None:
    with pytest.raises(IncompleteRead, match="asked for the account JIRAUSER2 and answered with jane"):
        await target(JANE | IN_ONE).find_account_by_id("JIRAUSER2")


async def test_one_who_was_deleted_and_left_a_name_is_not_there() -> None:
    assert await target(JANE | IN_ONE | {"deleted": True}).find_account("jane") is None


async def test_a_path_that_is_no_jiras_is_not_an_account_that_is_gone() -> None:
    for absent in (
        Reply(404, b"<h1>Not Found</h1>", media_type="text/html"),
        Reply(404, b'{"message":"null for uri: http://x","status-code":404}'),
    ):
        with pytest.raises(Unsupported):
            await Target(Bench(absent).http).find_account("jane")
        with pytest.raises(Unsupported):
            await Target(Bench(absent).http).find_group("Staff")


async def test_accounts_are_found_by_any_writing_of_their_name_and_by_their_key_after_a_rename() -> None:
    jira = Jira.with_defaults()
    key = jira.add_account(LocalAccount("jane", "Jane", "jane@example.com", groups=("Staff",)))
    async with jira_site(jira) as site:
        found = await site.target.find_account("JANE")
        assert found is not None
        assert (found.id, found.groups) == (key, {"staff"})
        jira.rename_account("jane", "jane.roe")
        assert await site.target.find_account("jane") is None
        renamed = await site.target.find_account_by_id(key)
        assert renamed is not None
        assert renamed.name == "jane.roe"
        assert await site.target.find_account_by_id("JIRAUSER9") is None
        assert await site.target.find_account("") is None


async def test_a_group_is_found_as_jira_writes_it_and_not_by_a_part_of_its_name() -> None:
    jira = Jira.with_defaults()
    for name in ("Staff London", "Staff", "Staff & Co"):
        jira.add_group(name)
    async with jira_site(jira) as site:
        found = await site.target.find_group("STAFF")
        assert found is not None
        assert (found.name, found.key) == ("Staff", "staff")
        assert await site.target.find_group("Sta") is None


async def test_of_two_accounts_of_one_name_the_one_that_counts_is_found() -> None:
    jira = Jira.with_defaults(directories=(Directory(1, "Internal"), Directory(2, "LDAP", "CONNECTOR")))
    jira.add_account(LocalAccount("jane", "Jane Internal", "jane@example.com"), directory=1)
    jira.add_account(LocalAccount("Jane", "Jane Ldap", "jane@ldap.example"), directory=2)
    async with jira_site(jira) as site:
        assert len([each async for each in site.target.list_accounts()]) == 2
        jira.order_directories([2, 1])
        jira.add_account(LocalAccount("admin", "Admin", "a@example.com", groups=("jira-administrators",)), directory=2)
        found = await site.target.find_account("jane")
        assert found is not None
        assert (found.name, found.display_name, found.key) == ("Jane", "Jane Ldap", "jane")
