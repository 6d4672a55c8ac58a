"""Whatever is sent, it is done whole or refused whole, in words, and what was stored stays readable."""

from typing import Any

import httpx
import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scim_calls import ENTERPRISE, GROUP, PATCH, USER, assert_readable, new_group, new_user

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["schemas", "userName", "displayName", "active", "emails", "name", "manager", "members", "roles", "groups", "id",
     "meta", "password", "externalId", ENTERPRISE, f"{USER}:title", "name.givenName", 'emails[type eq "work"].value',
     "x509Certificates", "photos", "addresses", "Operations", "profileUrl"]
)  # fmt: skip
RESOURCES = st.dictionaries(KEYS, JSON | st.dictionaries(KEYS, JSON, max_size=3), max_size=6)
GOOD = st.sampled_from(
    [
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "replace", "path": "displayName", "value": "Ada King"},
        {"op": "add", "value": {"externalId": "x", "displayName": "Ada King"}},
        {"op": "add", "path": "members", "value": []},
        {"op": "add", "path": "title", "value": "Dr"},
        {"op": "remove", "path": "externalId"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "ada@corp.local"},
    ]
)
OPERATIONS = GOOD | st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "Replace", "remove", "REMOVE"])},
    optional={"path": KEYS | st.text(max_size=12), "value": JSON | RESOURCES},
)


async def sent(entra: httpx.AsyncClient, method: str, path: str, body: Any) -> None:
    answer = await entra.request(method, path, content=orjson.dumps(body))
    assert answer.status_code in (200, 201, 204, 400, 404, 405, 409), answer.text
    if answer.status_code >= 400:
        assert_readable(answer)


FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(body=RESOURCES, kind=st.sampled_from(["User", "Group"]))
@FUZZ
async def test_whatever_resource_is_sent_is_stored_or_refused(
    entra: httpx.AsyncClient, body: dict[str, Any], kind: str
) -> None:
    named = {"schemas": [USER if kind == "User" else GROUP], "userName": "x", "displayName": "x"} | body
    for document in (body, named):
        await sent(entra, "POST", f"/{kind}s", document)
    for resource in (await entra.get(f"/{kind}s")).json()["Resources"]:  # still readable, whatever was stored
        await sent(entra, "PUT", f"/{kind}s/{resource['id']}", named)
        assert (await entra.delete(f"/{kind}s/{resource['id']}")).status_code == 204


@given(operations=st.lists(OPERATIONS, min_size=1, max_size=3), kind=st.sampled_from(["User", "Group"]))
@FUZZ
async def test_whatever_patch_is_sent_is_applied_whole_or_refused_whole(
    entra: httpx.AsyncClient, operations: list[dict[str, Any]], kind: str
) -> None:
    make = new_user if kind == "User" else new_group
    resource = await make(entra)
    place = f"/{kind}s/{resource['id']}"
    answer = await entra.patch(place, content=orjson.dumps({"schemas": [PATCH], "Operations": operations}))
    after = (await entra.get(place)).json()
    assert answer.status_code in (200, 204, 400), answer.text
    if answer.status_code == 400:
        assert_readable(answer)
        assert after == resource
    await entra.delete(place)


@given(
    text=st.text(max_size=30), where=st.sampled_from(["filter", "attributes", "sortBy", "count", "excludedAttributes"])
)
@FUZZ
async def test_whatever_is_asked_is_answered_or_refused(entra: httpx.AsyncClient, text: str, where: str) -> None:
    for path in ("/Users", "/Groups", "/"):
        answer = await entra.get(path, params={where: text.encode("utf-8", "replace").decode()})
        assert answer.status_code in (200, 400), answer.text
