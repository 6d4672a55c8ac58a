"""Users: created by query parameters, changed, renamed, deleted; nothing activates or deactivates them."""

import pytest
from bitbucket_visit import API, JANE, JOHN, NEW, USERS, BitbucketVisit, exception

from core.sandbox.bitbucket import INTERNAL_DIRECTORY, Bitbucket, Directory, LocalAccount, Quirks, Settings


async def test_a_user_is_created_by_the_query_with_the_default_group_and_no_body_comes_back(
    visit: BitbucketVisit,
) -> None:
    bitbucket = Bitbucket.with_defaults()
    client = await visit(bitbucket)
    answer = await client.post(USERS, params=NEW)
    assert (answer.status_code, answer.content) == (204, b"")
    assert [(each.kind, each.subject, each.detail) for each in bitbucket.effects] == [
        ("create-account", "new", "New One <new@example.com>"),
        ("join-default-group", "new", "stash-users"),
    ]
    assert "new" in bitbucket.snapshot().licensed
    assert (await (await visit(bitbucket, user="new", password="s3cret")).get(f"{API}/users")).status_code == 200


async def test_the_default_group_can_be_left_out(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults()
    client = await visit(bitbucket)
    await client.post(USERS, params={**NEW, "addToDefaultGroup": "false"})
    assert "new" not in bitbucket.snapshot().licensed


@pytest.mark.parametrize("missing", ["name", "displayName", "emailAddress", "password"])
async def test_every_parameter_is_needed_and_its_absence_names_it(visit: BitbucketVisit, missing: str) -> None:
    bitbucket = Bitbucket.with_defaults()
    client = await visit(bitbucket)
    answer = await client.post(USERS, params={field: value for field, value in NEW.items() if field != missing})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["context"] == missing
    assert bitbucket.effects == []


async def test_names_are_kept_as_written_and_compared_without_case(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults([JANE])
    client = await visit(bitbucket)
    answer = await client.post(USERS, params={**NEW, "name": "JANE"})
    assert (answer.status_code, exception(answer)) == (409, "IntegrityException")
    assert (await client.post(USERS, params={**NEW, "name": "Mixed Case+1"})).status_code == 204
    shown = (await client.get(USERS, params={"filter": "mixed"})).json()["values"]
    assert [(each["name"], each["slug"]) for each in shown] == [("Mixed Case+1", "mixed_case_1")]


async def test_a_full_licence_refuses_who_would_take_a_seat(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults(settings=Settings(seats=1))
    client = await visit(bitbucket)
    answer = await client.post(USERS, params=NEW)
    assert (answer.status_code, "license" in answer.json()["errors"][0]["message"]) == (403, True)
    assert (await client.post(USERS, params={**NEW, "addToDefaultGroup": "false"})).status_code == 204
    licence = (await client.get(f"{API}/admin/license")).json()
    assert (licence["maximumNumberOfUsers"], licence["status"]["currentNumberOfUsers"]) == (1, 1)


async def test_administrators_see_which_directory_a_user_is_from_and_what_of_him_can_be_changed(
    visit: BitbucketVisit,
) -> None:
    crowd = Directory(2, "Crowd", "CROWD", writable=False)
    bitbucket = Bitbucket.with_defaults([JANE], directories=(INTERNAL_DIRECTORY, crowd))
    bitbucket.add_account(JOHN, directory=2)
    values = (await (await visit(bitbucket)).get(USERS)).json()["values"]
    assert {each["name"]: (each["directoryName"], each["mutableDetails"], each["deletable"]) for each in values} == {
        "admin": ("Bitbucket Internal Directory", True, True),
        "Jane": ("Bitbucket Internal Directory", True, True),
        "john": ("Crowd", False, False),
    }


async def test_a_user_from_a_directory_that_cannot_be_written_is_refused_with_403(visit: BitbucketVisit) -> None:
    crowd = Directory(2, "Crowd", "CROWD", writable=False)
    bitbucket = Bitbucket.with_defaults(directories=(INTERNAL_DIRECTORY, crowd))
    bitbucket.add_account(JOHN, directory=2)
    client = await visit(bitbucket)
    changed = await client.put(USERS, json={"name": "john", "displayName": "J", "email": "j@example.com"})
    renamed = await client.post(f"{USERS}/rename", json={"name": "john", "newName": "jim"})
    deleted = await client.delete(USERS, params={"name": "john"})
    assert {changed.status_code, renamed.status_code, deleted.status_code} == {403}


async def test_an_update_answers_the_user_and_a_repeat_changes_nothing(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults([JANE])
    client = await visit(bitbucket)
    for _ in range(2):
        answer = await client.put(USERS, json={"name": "jane", "displayName": "Jane Roe", "email": "roe@example.com"})
        assert (answer.status_code, answer.json()["displayName"]) == (200, "Jane Roe")
    assert [each.kind for each in bitbucket.effects] == ["update-account"]


async def test_activity_is_no_field_of_an_update(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults([JANE])
    answer = await (await visit(bitbucket)).put(USERS, json={"name": "jane", "active": False})
    assert answer.status_code == 400
    assert 'Unrecognized field "active"' in answer.json()["errors"][0]["message"]


async def test_a_rename_keeps_the_id_and_a_taken_name_is_a_clash(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults([JANE, JOHN])
    client = await visit(bitbucket)
    before = (await client.get(f"{API}/users/jane")).json()["id"]
    assert (await client.post(f"{USERS}/rename", json={"name": "jane", "newName": "john"})).status_code == 409
    answer = await client.post(f"{USERS}/rename", json={"name": "jane", "newName": "janet"})
    assert (answer.status_code, answer.json()["name"], answer.json()["id"]) == (200, "janet", before)
    assert ("Staff", "janet") in bitbucket.snapshot().memberships


async def test_the_code_of_a_rename_clash_is_not_documented(visit: BitbucketVisit) -> None:
    client = await visit(Bitbucket.with_defaults([JANE, JOHN], quirks=Quirks(rename_clash_status=400)))
    assert (await client.post(f"{USERS}/rename", json={"name": "jane", "newName": "john"})).status_code == 400


async def test_a_deleted_user_is_gone_with_what_was_granted_and_oneself_stays(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults([JANE])
    client = await visit(bitbucket)
    assert (await client.delete(USERS, params={"name": "jane"})).json()["name"] == "Jane"
    again = await client.delete(USERS, params={"name": "jane"})
    assert (again.status_code, exception(again)) == (404, "NoSuchUserException")
    assert (await client.delete(USERS, params={"name": "admin"})).status_code == 409
    assert "Jane" not in bitbucket.snapshot().licensed


@pytest.mark.parametrize("text", ["jane", "Doe", "JANE@EX"])
async def test_a_filter_finds_parts_of_name_full_name_and_address(visit: BitbucketVisit, text: str) -> None:
    client = await visit(Bitbucket.with_defaults([JANE, JOHN]))
    assert [each["name"] for each in (await client.get(USERS, params={"filter": text})).json()["values"]] == ["Jane"]


async def test_a_password_must_be_said_twice(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults([JANE])
    client = await visit(bitbucket)
    asked = {"name": "jane", "password": "a", "passwordConfirm": "b"}
    assert (await client.put(f"{USERS}/credentials", json=asked)).status_code == 400
    assert (await client.put(f"{USERS}/credentials", json={**asked, "passwordConfirm": "a"})).status_code == 204
    assert (await (await visit(bitbucket, user="jane", password="a")).get(f"{API}/users")).status_code == 200


async def test_the_light_list_can_be_asked_for_those_with_a_permission_through_groups_too(
    visit: BitbucketVisit,
) -> None:
    out = LocalAccount("out", "Out", "out@example.com", groups=())
    bitbucket = Bitbucket.with_defaults([JANE, out])
    bitbucket.add_group("Inner", inside="stash-users")
    asked = {"permission": "LICENSED_USER", "filter": "out"}
    client = await visit(bitbucket)
    assert (await client.get(f"{API}/users", params=asked)).json()["values"] == []
    bitbucket.add_member("Inner", "out")
    assert [each["name"] for each in (await client.get(f"{API}/users", params=asked)).json()["values"]] == ["out"]
    assert (await client.get(f"{API}/users", params={"permission": "NONE"})).status_code == 400
