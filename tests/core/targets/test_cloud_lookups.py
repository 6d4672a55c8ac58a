"""One account, one group at a time: an answer is taken only where it is whole and about who was asked for."""

from typing import Any

import orjson
import pytest
from cloud_site import cloud_site
from scim_documents import JANE, NOBODY, STAFF, USER, page
from scripted import Bench, Reply

from core.sandbox.cloud import Cloud, LocalAccount, Quirks
from core.targets.cloud import Cloud as Target
from core.targets.protocol import CredentialFailed, IncompleteRead, Unavailable, Unsupported

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def target(*documents: Any) -> Target:
    return Target(Bench(*(Reply(200, orjson.dumps(document)) for document in documents)).http)


async def test_accounts_are_found_by_any_writing_of_their_name_and_by_id_after_a_rename() -> None:
    cloud = Cloud.with_defaults()
    ident = cloud.add_account(LocalAccount("jane@example.com", "Jane", "j@example.com", groups=("Staff", "Ops")))
    async with cloud_site(cloud) as site:
        found = await site.target.find_account("JANE@example.com")
        assert found is not None
        assert (found.id, found.display_name, found.email) == (ident, "Jane", "j@example.com")
        assert found.groups == {"staff", "ops"}
        cloud.rename_account("jane@example.com", "roe@example.com")
        assert await site.target.find_account("jane@example.com") is None
        renamed = await site.target.find_account_by_id(ident)
        assert renamed is not None
        assert renamed.name == "roe@example.com"
        assert await site.target.find_account_by_id("nobody") is None


async def test_where_users_do_not_tell_their_groups_the_groups_tell_their_members() -> None:
    cloud = Cloud.with_defaults(
        [LocalAccount(f"u{n}", "U", "u@example.com", groups=(f"G{n}", "All")) for n in range(120)],
        quirks=Quirks(user_groups="omitted"),
    )
    async with cloud_site(cloud) as site:
        found = await site.target.find_account("u77")
        assert found is not None
        assert found.groups == {"g77", "all"}


async def test_attributes_are_read_wherever_they_stand() -> None:
    document = JANE | {
        "schemas": [USER, ENTERPRISE],
        "title": "Engineer",
        "timezone": "Europe/Berlin",
        "organization": "Acme",
        "name": {"givenName": "Jane"},
        "externalId": "e-1",
        ENTERPRISE: {"department": "R&D", "manager": {"value": "9"}},
        "urn:scim:schemas:extension:atlassian-external:1.0": {"atlassianAccountId": "5f"},
        "somethingNew": [{"a": 1}],
    }
    found = await target(page(document)).find_account("jane")
    assert found is not None
    assert found.external_id == "e-1"
    assert found.attributes == {
        "title": "Engineer",
        "timezone": "Europe/Berlin",
        "organization": "Acme",
        "department": "R&D",
        "givenName": "Jane",
    }


@pytest.mark.parametrize(
    ("emails", "read"),
    [
        (None, None),
        ([{"value": "a@x"}, {"value": "b@x", "primary": True}], "b@x"),
        ([{"value": "a@x"}], "a@x"),
        ([{"value": "a@x"}, {"value": "b@x"}], None),
        ([{"value": "not an address", "primary": True}], "not an address"),
    ],
)
async def test_the_primary_address_counts(emails: Any, read: str | None) -> None:
    found = await target(page(JANE | {"emails": emails})).find_account("jane")
    assert found is not None
    assert found.email == read


@pytest.mark.parametrize(
    "document",
    [
        page({**JANE, "id": None}),
        page({**JANE, "userName": ""}),
        page({**JANE, "userName": "john"}),
        page(JANE, {**JANE, "id": "2"}),
        page(total=1),
        {"error": "strange"},
        [],
        "jane",
    ],
)
async def test_an_answer_without_the_one_account_that_was_asked_for_is_incomplete(document: Any) -> None:
    with pytest.raises(IncompleteRead):
        await target(document).find_account("jane")


async def test_an_answer_about_somebody_else_is_incomplete() -> None:
    with pytest.raises(IncompleteRead, match="asked for the account 2 and answered with jane"):
        await target(JANE).find_account_by_id("2")


@pytest.mark.parametrize(
    "document", [page({**STAFF, "displayName": "Staff London"}), page(STAFF, STAFF), page(total=3)]
)
async def test_an_answer_without_the_one_group_that_was_asked_for_is_incomplete(document: Any) -> None:
    with pytest.raises(IncompleteRead):
        await target(document).find_group("Staff")


async def test_a_group_is_found_as_atlassian_writes_it_with_its_id() -> None:
    cloud = Cloud.with_defaults()
    ident = cloud.add_group("Staff & Co")
    async with cloud_site(cloud) as site:
        found = await site.target.find_group("STAFF & co")
        assert found is not None
        assert (found.name, found.key, found.id) == ("Staff & Co", "staff & co", ident)
        assert await site.target.find_group("Staff") is None


async def test_where_the_directory_is_gone_nobody_is_taken_for_absent() -> None:
    async with cloud_site(path="/scim/directory/another") as site:
        for asked in (
            site.target.find_account("jane"),
            site.target.find_account_by_id("1"),
            site.target.find_group("Staff"),
        ):
            with pytest.raises((Unavailable, CredentialFailed), match="directory"):
                await asked
    with pytest.raises(Unavailable, match="There is no directory"):
        await Target(Bench(NOBODY).http).find_account_by_id("1")


async def test_a_page_that_is_no_directorys_is_not_an_account_that_is_gone() -> None:
    absent = Reply(404, b"<h1>Not Found</h1>", media_type="text/html")
    for asked in (Target(Bench(absent).http).find_account("jane"), Target(Bench(absent).http).find_account_by_id("1")):
        with pytest.raises(Unsupported):
            await asked


@pytest.mark.parametrize("id", ["", ".", "..", "a/b", "a\\b", "\ud800"])
async def test_an_id_that_no_path_can_carry_is_nobodys(id: str) -> None:
    bench = Bench(NOBODY)
    assert await Target(bench.http).find_account_by_id(id) is None
    assert bench.product.seen == []
