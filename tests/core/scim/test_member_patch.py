"""Members are added and removed row by row, with the same outcome as the library's, whatever the size of the group."""

from typing import Any
from unittest.mock import patch as patched

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scim2_server.requests import ScimRequest
from scim_calls import change, new_group, new_user

from core.scim.member_patch import member_patch

PATH = "/Groups/6d86c3bb-5489-4b4c-9c1b-111111111111"


def asked(*operations: dict[str, Any], path: str = PATH, method: str = "PATCH", **query: str) -> ScimRequest:
    import orjson

    body = orjson.dumps({"Operations": list(operations)})
    return ScimRequest(method, "http://x/scim/entra/v2", path, query, [], body)


ADD = {"op": "add", "path": "members", "value": [{"value": "a"}, {"value": "b", "display": "Ben"}]}
REMOVE = {"op": "remove", "path": 'members[value eq "a"]'}


def test_additions_and_removals_by_id_are_taken_and_the_last_word_counts() -> None:
    taken = member_patch(asked(ADD, REMOVE))
    assert taken is not None
    assert (taken.wanted, taken.called) == ({"a": False, "b": True}, {"a": None, "b": "Ben"})


@pytest.mark.parametrize(
    "request_",
    [
        asked(ADD, method="PUT"),
        asked(ADD, path="/Users/x"),
        asked(ADD, attributes="displayName"),
        asked(ADD, {"op": "replace", "path": "displayName", "value": "H"}),
        asked({"op": "replace", "path": "members", "value": [{"value": "a"}]}),
        asked({"op": "remove", "path": "members"}),
        asked({"op": "remove", "path": 'members[display eq "Ada"]'}),
        asked({"op": "add", "path": "members", "value": [{"value": 3}]}),
        asked({"op": "add", "path": "members", "value": []}),
        asked({"op": "add", "value": {"members": [{"value": "a"}]}}),
        asked(),
    ],
)
def test_everything_else_is_left_to_the_library(request_: ScimRequest) -> None:
    assert member_patch(request_) is None


OPERATION = st.tuples(st.sampled_from(["add", "remove"]), st.lists(st.integers(0, 3), min_size=1, max_size=3))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(begun=st.sets(st.integers(0, 3)), operations=st.lists(OPERATION, min_size=1, max_size=4))
async def test_it_does_what_the_library_does(
    entra: httpx.AsyncClient, begun: set[int], operations: list[tuple[str, list[int]]]
) -> None:
    found = (await entra.get("/Users")).json().get("Resources", [])
    people = found or [await new_user(entra, f"person{number}") for number in range(4)]
    sent = [
        {"op": verb.title(), "path": "members", "value": [{"$ref": None, "value": people[one]["id"]} for one in ones]}
        for verb, ones in operations
    ]
    outcomes = []
    for name, ours in (("ours", True), ("theirs", False)):
        group = await new_group(entra, *(people[one] for one in begun), name=name)
        with patched("core.scim.listener.member_patch", wraps=member_patch if ours else lambda _: None):
            answer = await change(entra, f"/Groups/{group['id']}", *sent)
        members = (await entra.get(f"/Groups/{group['id']}")).json().get("members", [])
        outcomes.append((answer.status_code, answer.content, {member["value"] for member in members}))
        await entra.delete(f"/Groups/{group['id']}")
    assert outcomes[0] == outcomes[1]


async def test_one_who_is_not_known_is_refused_by_name_and_nobody_is_added(entra: httpx.AsyncClient) -> None:
    ada, group = await new_user(entra), await new_group(entra)
    value = [{"value": ada["id"]}, {"value": "nobody"}]
    answer = await change(entra, f"/Groups/{group['id']}", {"op": "add", "path": "members", "value": value})
    assert answer.status_code == 400
    assert "nobody" in answer.json()["detail"]
    assert "members" not in (await entra.get(f"/Groups/{group['id']}")).json()


async def test_a_group_that_is_not_there_is_404(entra: httpx.AsyncClient) -> None:
    ada = await new_user(entra)
    operation = {"op": "add", "path": "members", "value": [{"value": ada["id"]}]}
    assert (await change(entra, "/Groups/nowhere", operation)).status_code == 404
