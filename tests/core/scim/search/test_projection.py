"""Projection: what of a resource is shown, and what need not even be read."""

from typing import Any

import orjson
import pytest
from scim2_models import InvalidValueException

from core.scim.search.projection import Projection

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ADA: dict[str, Any] = {
    "schemas": [CORE, ENTERPRISE],
    "id": "1",
    "userName": "ada",
    "name": {"givenName": "Ada", "familyName": "King"},
    "emails": [{"value": "a@x", "type": "work"}, {"value": "b@x"}],
    ENTERPRISE: {"department": "R&D", "manager": {"value": "2", "displayName": "Ben"}},
    "groups": [{"value": "3"}],
    "meta": {"version": "1", "location": "here"},
}


def shown(**query: str) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(Projection.of(query).apply("User", orjson.dumps(ADA)))
    return document


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("userName", {"userName": "ada"}),
        (" USERNAME ,nothing", {"userName": "ada"}),
        (f"{CORE}:userName", {"userName": "ada"}),
        ("name.givenName", {"name": {"givenName": "Ada"}}),
        ("emails.type", {"emails": [{"type": "work"}]}),
        ("meta.location", {"meta": {"location": "here"}}),
        ("nothing", {}),
        ("urn:example:other:userName", {}),
        ("***", {}),
    ],
)
def test_only_what_is_asked_for_is_shown_beside_id_and_schemas(attributes: str, expected: dict[str, Any]) -> None:
    assert shown(attributes=attributes) == {"schemas": [CORE], "id": "1", **expected}


@pytest.mark.parametrize(
    ("attributes", "extension"),
    [
        (ENTERPRISE, ADA[ENTERPRISE]),
        (ENTERPRISE.upper(), ADA[ENTERPRISE]),
        (f"{ENTERPRISE}:department", {"department": "R&D"}),
        (f"{ENTERPRISE}:manager", {"manager": {"value": "2", "displayName": "Ben"}}),
        (f"{ENTERPRISE}:manager.value", {"manager": {"value": "2"}}),
    ],
)
def test_an_extension_is_shown_whole_or_in_parts(attributes: str, extension: dict[str, Any]) -> None:
    assert shown(attributes=attributes) == {"schemas": [CORE, ENTERPRISE], "id": "1", ENTERPRISE: extension}


def test_what_is_excluded_is_left_out_save_id_and_schemas() -> None:
    excluded = f"id,schemas,emails.value,groups,name.familyName,{ENTERPRISE}:manager.displayName,meta,nothing"
    expected = {"userName": "ada", "name": {"givenName": "Ada"}, "emails": [{"type": "work"}]}
    extension = {"department": "R&D", "manager": {"value": "2"}}
    assert shown(excludedAttributes=excluded) == {
        "schemas": [CORE, ENTERPRISE], "id": "1", **expected, ENTERPRISE: extension
    }  # fmt: skip
    assert shown(excludedAttributes=ENTERPRISE) == {key: each for key, each in ADA.items() if key != ENTERPRISE} | {
        "schemas": [CORE]
    }


def test_both_at_once_are_refused() -> None:
    with pytest.raises(InvalidValueException, match="exclude one another"):
        Projection.of({"attributes": "nothing", "excludedAttributes": "userName"})


def test_blank_parameters_ask_for_nothing() -> None:
    assert shown(attributes="", excludedAttributes=" , ") == ADA


@pytest.mark.parametrize(
    ("query", "name", "is_wanted"),
    [
        ({}, "members", True),
        ({"attributes": "id"}, "members", False),
        ({"attributes": "members.value"}, "members", True),
        ({"excludedAttributes": "Members"}, "members", False),
        ({"excludedAttributes": "members.display"}, "members", True),
        ({"attributes": "userName"}, "id", True),
    ],
)
def test_what_is_not_shown_is_not_wanted(query: dict[str, str], name: str, is_wanted: bool) -> None:
    assert Projection.of(query).wants(name) is is_wanted


def test_a_resource_without_what_is_excluded_is_not_even_parsed() -> None:
    stored = b'{"schemas":["x"],"id":"1","displayName":",\\"members\\":[","members":[{"value":"2"}]}'
    without = b'{"schemas":["x"],"id":"1","displayName":",\\"members\\":["}'
    hidden = Projection.of({"excludedAttributes": "members"})
    assert hidden.apply("Group", without) is without
    assert hidden.apply("Group", stored) == without
