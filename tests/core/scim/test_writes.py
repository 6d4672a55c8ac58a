"""What a write makes pending, and how it is answered."""

import httpx
from scim_calls import ENTERPRISE, change, claimed, forget, new_group, new_user

from core.store import Store, sources


async def test_a_membership_change_makes_the_member_pending_neither_the_others_nor_the_group(
    entra: httpx.AsyncClient, store: Store
) -> None:
    ada, ben = await new_user(entra, "ada"), await new_user(entra, "ben")
    group = await new_group(entra, ada)
    forget(store)
    place = f"/Groups/{group['id']}"
    await change(entra, place, {"op": "add", "path": "members", "value": [{"value": ben["id"]}]})
    assert claimed(store) == {("user", ben["id"])}
    assert (await entra.get(place)).json()["meta"]["version"] == 'W/"2"'


async def test_a_group_is_pending_when_it_comes_is_renamed_and_goes_with_its_users(
    entra: httpx.AsyncClient, store: Store
) -> None:
    ada = await new_user(entra, "ada")
    forget(store)
    group = await new_group(entra, ada)
    place = f"/Groups/{group['id']}"
    assert claimed(store) == {("group", group["id"]), ("user", ada["id"])}
    forget(store)
    await change(entra, place, {"op": "replace", "value": {"displayName": "H"}})
    assert claimed(store) == {("group", group["id"])}
    forget(store)
    assert (await entra.delete(place)).status_code == 204
    assert claimed(store) == {("group", group["id"]), ("user", ada["id"])}


async def test_a_patch_that_changes_nothing_makes_nothing_pending_and_keeps_version_and_time(
    entra: httpx.AsyncClient, store: Store
) -> None:
    ada = await new_user(entra, displayName="Ada", emails=[{"type": "work", "value": "ada@corp.local"}])
    group = await new_group(entra, ada)
    forget(store)
    for place, operations in (
        (f"/Users/{ada['id']}", [{"op": "Replace", "path": "active", "value": "True"}]),
        (f"/Users/{ada['id']}", [{"op": "Replace", "path": 'emails[type eq "work"].value', "value": "ada@corp.local"}]),
        (
            f"/Users/{ada['id']}",
            [{"op": "add", "path": "title", "value": "Dr"}, {"op": "remove", "path": "title"}],
        ),
        (f"/Groups/{group['id']}", [{"op": "Add", "path": "members", "value": [{"$ref": None, "value": ada["id"]}]}]),
        (f"/Groups/{group['id']}", [{"op": "Remove", "path": "members", "value": [{"value": "nobody"}]}]),
        (f"/Groups/{group['id']}", [{"op": "replace", "value": {"displayName": "G"}}]),
    ):
        before = (await entra.get(place)).json()
        assert (await change(entra, place, *operations)).is_success
        assert (await entra.get(place)).json() == before
    assert claimed(store) == set()


async def test_a_patched_user_is_answered_and_a_patched_group_is_not(entra: httpx.AsyncClient) -> None:
    ada = await new_user(entra)
    group = await new_group(entra, ada)
    user = await change(entra, f"/Users/{ada['id']}", {"op": "replace", "value": {"displayName": "Ada"}})
    assert (user.status_code, user.json()["displayName"]) == (200, "Ada")
    # The second version came with the group, which a user's representation shows.
    assert user.headers["etag"] == user.json()["meta"]["version"] == 'W/"3"'
    place = f"/Groups/{group['id']}"
    renamed = await change(entra, place, {"op": "replace", "value": {"displayName": "H"}})
    assert (renamed.status_code, renamed.content, renamed.headers["etag"]) == (204, b"", 'W/"2"')
    assert "content-length" not in renamed.headers
    unchanged = await change(entra, place, {"op": "replace", "value": {"displayName": "H"}})
    assert (unchanged.status_code, unchanged.headers["etag"]) == (204, 'W/"2"')


async def test_a_patched_group_is_answered_to_whoever_asks_for_attributes(entra: httpx.AsyncClient) -> None:
    group = await new_group(entra, await new_user(entra))
    rename = {"op": "replace", "value": {"displayName": "H"}}
    answer = await change(entra, f"/Groups/{group['id']}", rename, query="?attributes=displayName")
    assert answer.status_code == 200
    assert answer.json().keys() == {"schemas", "id", "displayName"}


async def test_mail_addresses_are_taken_and_given_back_as_they_were_sent(entra: httpx.AsyncClient) -> None:
    for address in ("Ada@Corp.LOCAL", "ada", "ada@host", "ada@xn--exmple-cua.com"):
        user = await new_user(entra, address, emails=[{"type": "work", "value": address}])
        assert user["emails"][0]["value"] == address
        found = (await entra.get(f'/Users?filter=emails[type eq "work"].value eq "{address.upper()}"')).json()
        assert [resource["id"] for resource in found["Resources"]] == [user["id"]]


async def test_a_new_user_may_have_a_manager_named_by_the_id_alone(entra: httpx.AsyncClient) -> None:
    boss = await new_user(entra, "boss")
    user = await new_user(entra, **{ENTERPRISE: {"manager": boss["id"]}})
    assert user[ENTERPRISE]["manager"] == {"value": boss["id"]}


async def test_entras_reference_check_finds_the_user_by_its_manager(entra: httpx.AsyncClient) -> None:
    boss = await new_user(entra, "boss")
    user = await new_user(entra, **{ENTERPRISE: {"manager": boss["id"]}})
    for manager, total in ((boss["id"], 1), (user["id"], 0)):
        text = f'id eq "{user["id"]}" and manager eq "{manager}"'
        found = (await entra.get("/Users", params={"filter": text, "attributes": "id"})).json()
        assert found["totalResults"] == total
        assert all(resource.keys() == {"schemas", "id"} for resource in found.get("Resources", []))


async def test_null_for_active_or_members_is_refused_and_changes_nothing(entra: httpx.AsyncClient) -> None:
    ada = await new_user(entra, active=False)
    group = await new_group(entra, ada)
    for place, name in ((f"/Users/{ada['id']}", "active"), (f"/Groups/{group['id']}", "members")):
        for operation in ({"op": "replace", "path": name, "value": None}, {"op": "replace", "value": {name: None}}):
            answer = await change(entra, place, operation)
            assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    assert (await entra.get(f"/Users/{ada['id']}")).json()["active"] is False
    assert len((await entra.get(f"/Groups/{group['id']}")).json()["members"]) == 1


async def test_a_leaver_whose_active_is_removed_stays_a_leaver(entra: httpx.AsyncClient, store: Store) -> None:
    ada = await new_user(entra, active=False)
    assert (await change(entra, f"/Users/{ada['id']}", {"op": "remove", "path": "active"})).status_code == 200
    await change(entra, f"/Users/{ada['id']}", {"op": "replace", "value": {"displayName": "Ada"}})
    with store.read() as connection:
        (user,) = sources.all_users(connection, "entra")
    assert user.active is False


async def test_a_user_s_etag_changes_with_its_groups(entra: httpx.AsyncClient) -> None:
    ada = await new_user(entra)
    seen = (await entra.get(f"/Users/{ada['id']}")).headers["etag"]
    await new_group(entra, ada)
    answer = await entra.get(f"/Users/{ada['id']}", headers={"If-None-Match": seen})
    assert answer.status_code == 200
    assert len(answer.json()["groups"]) == 1
