"""The body of a write in strict form, and what of it is refused."""

from typing import Any

import orjson
import pytest
from scim_calls import GROUP, PATCH, USER

from core.scim.answers import Refused
from core.scim.refusals import MAX_PATCH_OPERATIONS
from core.scim.strict_bodies import strict_body
from core.scim.tolerances import Tolerance


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": list(operations)}


def refused(method: str, path: str, document: dict[str, Any]) -> dict[str, Any]:
    with pytest.raises(Refused) as found:
        strict_body(method, path, document, set())
    error: dict[str, Any] = orjson.loads(found.value.answer.body)
    return error


@pytest.mark.parametrize(
    ("told", "named"), [({}, True), ({"members": None}, True), ({"members": []}, False), ({"MEMBERS": []}, False)]
)
def test_a_put_of_a_group_that_tells_no_members_keeps_them_by_name(told: dict[str, Any], named: bool) -> None:
    used: set[Tolerance] = set()
    strict_body("PUT", "/Groups/1", {"schemas": [GROUP], "displayName": "G", **told}, used)
    assert ("members-kept" in used) is named


@pytest.mark.parametrize(("method", "path"), [("POST", "/Groups"), ("PUT", "/Users/1")])
def test_no_members_are_kept_where_there_are_none_yet_or_never(method: str, path: str) -> None:
    used: set[Tolerance] = set()
    strict_body(method, path, {"schemas": [USER], "displayName": "G", "userName": "a"}, used)
    assert used == set()


def test_operations_are_counted_as_they_were_sent() -> None:
    one = {"op": "add", "path": "members", "value": [{"value": "x"}]}
    many = {"op": "remove", "path": "members", "value": [{"value": str(n)} for n in range(2 * MAX_PATCH_OPERATIONS)]}
    assert len(strict_body("PATCH", "/Groups/1", patch(many), set())["Operations"]) == 2 * MAX_PATCH_OPERATIONS
    error = refused("PATCH", "/Groups/1", {"operations": [one] * (MAX_PATCH_OPERATIONS + 1)})
    assert (error["status"], error["scimType"]) == ("413", "tooMany")


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/Groups/1", {"op": "replace", "path": "members", "value": None}),
        ("/Groups/1", {"op": "Replace", "value": {"members": None}}),
        ("/Users/1", {"op": "replace", "path": "active", "value": None}),
        ("/Users/1", {"op": "add", "path": "userName", "value": None}),
    ],
)
def test_what_no_slip_may_empty_cannot_be_null(path: str, operation: dict[str, Any]) -> None:
    error = refused("PATCH", path, patch(operation))
    assert (error["status"], error["scimType"]) == ("400", "invalidValue")
    assert "cannot be null" in error["detail"]
