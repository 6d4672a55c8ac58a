"""Reading users: one by name or key, oneself, all of them, what each of these shows, and what it keeps to itself."""

from urllib.parse import quote

import pytest
from confluence_visit import Visit, names

from core.sandbox.confluence import Confluence, LocalAccount, Quirks

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com", groups=("confluence-users", "Staff"))
LEFT = LocalAccount("left", "Lea Left", "left@example.com", active=False)


async def test_a_user_is_shown_without_e_mail(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE])
    client = await visit(confluence)
    user = (await client.get("/rest/api/user?username=jane")).json()
    key = user["userKey"]
    assert user == {
        "type": "known",
        "username": "jane",
        "userKey": key,
        "profilePicture": {
            "path": "/images/icons/profilepics/default.svg",
            "width": 48,
            "height": 48,
            "isDefault": True,
        },
        "displayName": "Jane Doe",
        "_links": {"self": f"{str(client.base_url).rstrip('/')}/rest/api/user?key={key}"},
        "_expandable": {"status": ""},
    }


async def test_a_user_is_found_by_name_without_case_and_by_key(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults([JANE]))
    by_name = (await client.get("/rest/api/user?username=JANE")).json()
    by_key = (await client.get(f"/rest/api/user?key={by_name['userKey']}")).json()
    assert by_name == by_key


async def test_a_key_stays_when_its_user_is_renamed(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE])
    client = await visit(confluence)
    key = (await client.get("/rest/api/user?username=jane")).json()["userKey"]
    confluence.rename_account("jane", "jane.roe")
    assert (await client.get(f"/rest/api/user?key={key}")).json()["username"] == "jane.roe"
    assert (await client.get("/rest/api/user?username=jane")).status_code == 404
    groups = (await client.get("/rest/api/user/memberof?username=jane.roe")).json()["results"]
    assert names(groups) == ["confluence-users", "Staff"]


def test_no_user_is_renamed_to_the_name_of_another() -> None:
    confluence = Confluence.with_defaults([JANE, LEFT])
    with pytest.raises(ValueError, match="LEFT"):
        confluence.rename_account("jane", "LEFT")
    confluence.rename_account("jane", "Jane")
    assert [account.username for account in confluence.snapshot().accounts] == ["admin", "Jane", "left"]


async def test_whoever_gets_a_freed_name_is_somebody_else(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE])
    client = await visit(confluence)
    key = (await client.get("/rest/api/user?username=jane")).json()["userKey"]
    confluence.remove_account("jane")
    assert (await client.get(f"/rest/api/user?key={key}")).status_code == 404
    assert confluence.add_account(JANE) != key


@pytest.mark.parametrize("query", ["username=ghost", "key=ghost"])
async def test_a_user_who_is_not_there_is_not_found(visit: Visit, query: str) -> None:
    answer = await (await visit(Confluence.with_defaults())).get(f"/rest/api/user?{query}")
    assert (answer.status_code, answer.json()["reason"]) == (404, "Not Found")


async def test_asking_for_nobody_is_a_bad_request(visit: Visit) -> None:
    assert (await (await visit(Confluence.with_defaults())).get("/rest/api/user")).status_code == 400


@pytest.mark.parametrize(
    ("quirks", "current", "deactivated"),
    [
        (Quirks(), {"status": "CURRENT"}, {"status": "DEACTIVATED"}),
        (Quirks(status_shape="string"), "current", "deactivated"),
    ],
)
async def test_the_status_is_shown_where_it_is_expanded(
    visit: Visit, quirks: Quirks, current: object, deactivated: object
) -> None:
    client = await visit(Confluence.with_defaults([JANE, LEFT], quirks=quirks))

    async def status(name: str) -> object:
        user = (await client.get("/rest/api/user", params={"username": name, "expand": "status"})).json()
        assert user["_expandable"] == {}
        return user["status"]

    assert (await status("jane"), await status("left")) == (current, deactivated)
    assert "status" not in (await client.get("/rest/api/user?username=left")).json()


async def test_the_anonymous_user_has_neither_name_nor_key(visit: Visit) -> None:
    user = (await (await visit(Confluence.with_defaults())).get("/rest/api/user/anonymous")).json()
    assert user["type"] == "anonymous"
    assert user.keys().isdisjoint({"username", "userKey"})


async def test_the_list_of_users_has_everybody_deactivated_users_too(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults([LEFT, JANE]))
    page = (await client.get("/rest/api/user/list?expand=status")).json()
    assert names(page["results"]) == ["admin", "jane", "left"]
    assert [user["status"]["status"] for user in page["results"]] == ["CURRENT", "CURRENT", "DEACTIVATED"]
    assert not any("email" in user for user in page["results"])


async def test_the_groups_of_a_user_are_listed(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults([JANE]))
    page = (await client.get("/rest/api/user/memberof?username=jane")).json()
    assert names(page["results"]) == ["confluence-users", "Staff"]
    assert {group["type"] for group in page["results"]} == {"group"}
    assert (await client.get("/rest/api/user/memberof?username=ghost")).status_code == 404


async def test_the_mobile_profile_shows_the_e_mail(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults([JANE]))
    profile = (await client.get("/rest/mobile/1.0/profile/jane")).json()
    assert (profile["userName"], profile["email"]) == ("jane", "jane@example.com")


@pytest.mark.parametrize("name", ["jörg", "東京", "o%27neil", "a@b.c", "semi;colon", "q?x#y"])
async def test_unusual_names_are_found_through_query_and_path(visit: Visit, name: str) -> None:
    client = await visit(Confluence.with_defaults([LocalAccount(name, "Somebody", "s@example.com")]))
    answer = await client.get("/rest/api/user", params={"username": name})
    assert answer.json()["username"] == name
    profile = await client.get(f"/rest/mobile/1.0/profile/{quote(name, safe='')}")
    assert profile.json()["userName"] == name
