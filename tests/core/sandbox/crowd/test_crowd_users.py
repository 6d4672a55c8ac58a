"""Users of the simulated Crowd: created, replaced whole, renamed, with attributes, keys and aliases."""

from dataclasses import replace
from typing import Any

import pytest
from crowd_visit import JANE, JOHN, LEFT, NEW, CrowdVisit, names, refused

from core.sandbox.crowd import APPLICATION, Crowd, Effect, Quirks, Settings


def for_manciple(**habits: Any) -> Settings:
    return Settings(applications=(replace(APPLICATION, **habits),))


async def test_a_user_is_shown_with_key_and_names_and_attributes_only_where_expanded(visit: CrowdVisit) -> None:
    crowd = Crowd()
    key = crowd.add_account(JANE, attributes={"externalId": "42"})
    client = await visit(crowd)
    user = (await client.get("/user?username=JANE")).json()
    shown = {field: user[field] for field in ("name", "key", "first-name", "last-name", "display-name", "email")}
    assert shown == {
        "name": "Jane",
        "key": key,
        "first-name": "Jane",
        "last-name": "Doe",
        "display-name": "Jane Doe",
        "email": "jane@example.com",
    }
    assert key.startswith("98305:")
    assert user["attributes"]["attributes"] == []
    expanded = (await client.get(f"/user?key={key}&expand=attributes")).json()
    assert expanded["attributes"]["attributes"] == [{"name": "externalId", "values": ["42"]}]
    assert refused(await client.get("/user?key=98305:0")) == (404, "USER_NOT_FOUND")
    assert refused(await client.get("/user")) == (400, "ILLEGAL_ARGUMENT")


async def test_a_user_is_created_once(visit: CrowdVisit) -> None:
    crowd = Crowd()
    client = await visit(crowd)
    answer = await client.post("/user", json=NEW)
    assert (answer.status_code, answer.json()["name"]) == (201, "new")
    assert answer.headers["Location"].endswith("/user?username=new")
    assert refused(await client.post("/user", json=NEW | {"name": "NEW"})) == (400, "INVALID_USER")
    assert crowd.effects == [Effect("create-account", "new", "New One <new@example.com>")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": " "}, "INVALID_USER"),
        ({"name": " new"}, "INVALID_USER"),
        ({"name": "n" * 256}, "INVALID_USER"),
        ({"display-name": "n" * 256}, "INVALID_USER"),
        ({"password": {"value": ""}}, "INVALID_CREDENTIAL"),
        ({"password": None}, "INVALID_CREDENTIAL"),
        ({"password": {"value": "simple"}}, "INVALID_CREDENTIAL"),
        ({"email": ""}, "INVALID_EMAIL"),
        ({"name": 1}, "ILLEGAL_ARGUMENT"),
    ],
)
async def test_what_crowd_does_not_accept_is_refused_with_its_reason(
    visit: CrowdVisit, change: dict[str, Any], reason: str
) -> None:
    crowd = Crowd(quirks=Quirks(password_pattern="[A-Z].*[0-9]", refuses_blank_email=True))
    assert refused(await (await visit(crowd)).post("/user", json=NEW | change)) == (400, reason)
    assert crowd.effects == []


async def test_blank_parts_of_a_name_are_made_from_the_others(visit: CrowdVisit) -> None:
    client = await visit(Crowd())
    await client.post("/user", json=NEW | {"first-name": "", "last-name": "", "display-name": "Ann van Dyk"})
    user = (await client.get("/user?username=new")).json()
    assert (user["first-name"], user["last-name"]) == ("Ann van", "Dyk")
    await client.post("/user", json=NEW | {"name": "two", "display-name": ""})
    assert (await client.get("/user?username=two")).json()["display-name"] == "New One"


async def test_an_update_replaces_everything_what_is_left_out_becomes_blank(visit: CrowdVisit) -> None:
    crowd = Crowd()
    crowd.add_account(JANE, attributes={"externalId": "42"})
    client = await visit(crowd)
    assert (await client.put("/user?username=jane", json={"name": "jane"})).status_code == 204
    user = crowd.user("jane")
    assert (user.username, user.full_name, user.email, user.active) == ("Jane", "Jane", "", False)
    assert user.attributes == {"externalId": ("42",)}
    assert refused(await client.put("/user?username=jane", json={"name": "john"})) == (400, "INVALID_USER")
    assert refused(await client.put("/user?username=ghost", json={"name": "ghost"})) == (404, "USER_NOT_FOUND")


async def test_activity_is_one_field_of_the_update_and_a_repeat_has_no_effect(visit: CrowdVisit) -> None:
    crowd = Crowd([LEFT])
    client = await visit(crowd)
    user = (await client.get("/user?username=left")).json()
    for active in (True, True, False):
        assert (await client.put("/user?username=left", json=user | {"active": active})).status_code == 204
    assert [effect.kind for effect in crowd.effects] == ["reactivate-account", "deactivate-account"]


async def test_a_rename_keeps_key_and_memberships(visit: CrowdVisit) -> None:
    crowd = Crowd([JANE, JOHN])
    client = await visit(crowd)
    before = (await client.get("/user?username=jane")).json()
    renamed = (await client.post("/user/rename?username=jane", json={"new-name": "jane.roe"})).json()
    assert (renamed["name"], renamed["key"]) == ("jane.roe", before["key"])
    assert names(await client.get("/user/group/direct?username=jane.roe"), "groups") == ["Staff"]
    assert crowd.effects == [Effect("rename-account", "Jane", "jane.roe")]
    wrong_key = await client.post("/user/rename?username=john", json={"newName": "x"})
    assert refused(wrong_key) == (400, "INVALID_USER")
    assert refused(await client.post("/user/rename?username=ghost", json={"new-name": "x"}))[0] == 404


@pytest.mark.parametrize(("quirk", "status"), [("400", (400, "INVALID_USER")), ("500", (500, "OPERATION_FAILED"))])
async def test_a_rename_to_a_name_that_is_taken_is_refused(visit: CrowdVisit, quirk: Any, status: Any) -> None:
    client = await visit(Crowd([JANE, JOHN], quirks=Quirks(rename_clash=quirk)))
    assert refused(await client.post("/user/rename?username=john", json={"new-name": "JANE"})) == status


async def test_before_2_8_4_there_is_no_rename(visit: CrowdVisit) -> None:
    client = await visit(Crowd([JANE], version="2.8.3"))
    answer = await client.post("/user/rename?username=jane", json={"new-name": "x"})
    assert (answer.status_code, answer.json()["status-code"]) == (404, 404)


async def test_attributes_are_put_one_by_one_and_removed_without_complaint(visit: CrowdVisit) -> None:
    crowd = Crowd([JANE])
    client = await visit(crowd)
    for name in ("team", "site"):
        body = {"attributes": [{"name": name, "values": ["x"]}]}
        assert (await client.post("/user/attribute?username=jane", json=body)).status_code == 204
    for _ in range(2):
        assert (await client.delete("/user/attribute?username=jane&attributename=team")).status_code == 204
    listed = (await client.get("/user/attribute?username=jane")).json()
    assert listed == {"attributes": [{"name": "site", "values": ["x"]}]}
    assert len(crowd.effects) == 3


async def test_attributes_of_a_new_user_are_kept_unless_the_version_ignores_them(visit: CrowdVisit) -> None:
    body = NEW | {"attributes": {"attributes": [{"name": "externalId", "values": ["42"]}]}}
    for keeps, held in ((True, {"externalId": ("42",)}), (False, {})):
        crowd = Crowd(quirks=Quirks(attributes_at_creation=keeps))
        assert (await (await visit(crowd)).post("/user", json=body)).status_code == 201
        assert crowd.user("new").attributes == held


async def test_a_user_is_deleted_once(visit: CrowdVisit) -> None:
    crowd = Crowd([JANE])
    client = await visit(crowd)
    assert (await client.delete("/user?username=jane")).status_code == 204
    assert refused(await client.delete("/user?username=jane")) == (404, "USER_NOT_FOUND")
    assert crowd.snapshot().memberships == frozenset()


async def test_a_password_can_be_set(visit: CrowdVisit) -> None:
    crowd = Crowd([JANE])
    client = await visit(crowd)
    assert (await client.put("/user/password?username=jane", json={"value": "Next-2"})).status_code == 204
    assert refused(await client.put("/user/password?username=jane", json={})) == (400, "INVALID_CREDENTIAL")
    assert crowd.effects == [Effect("set-password", "Jane")]


async def test_lower_case_output_shows_all_names_in_lower_case(visit: CrowdVisit) -> None:
    client = await visit(Crowd([JANE], settings=for_manciple(lower_case_output=True)))
    assert (await client.get("/user?username=Jane")).json()["name"] == "jane"
    assert names(await client.get("/search?entity-type=group"), "groups") == ["staff"]


async def test_an_alias_is_the_name_that_the_application_sees_and_uses_even_after_a_rename(visit: CrowdVisit) -> None:
    crowd = Crowd([JOHN])
    crowd.settings = for_manciple(aliases={crowd.add_account(JANE): "jd"})
    client = await visit(crowd)
    assert names(await client.get("/search?entity-type=user")) == ["jd", "john"]
    assert (await client.get("/user?username=jd")).json()["display-name"] == "Jane Doe"
    renamed = await client.post("/user/rename?username=jd", json={"new-name": "jane.roe"})
    assert renamed.json()["name"] == "jd"
    assert crowd.user("jane.roe").full_name == "Jane Doe"
