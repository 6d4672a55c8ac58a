"""What a list or query asks for, from the query of a GET and the body of a search by POST alike."""

from typing import Any

import pytest
from scim2_models import InvalidCountException, InvalidSyntaxException, InvalidValueException
from scim2_server.requests import ScimRequest

from core.scim.search.asked import Asked, asked_by
from core.scim.service import DEFAULT_PAGE, LAST_INDEX, MAX_RESULTS


def got(path: str = "/Users", **query: str) -> Asked:
    asked = asked_by(ScimRequest("GET", "https://x", path, query), None)
    assert asked is not None
    return asked


def posted(document: dict[str, Any] | None, path: str = "/Users/.search", body: bytes = b"") -> Asked:
    asked = asked_by(ScimRequest("POST", "https://x", path, {}, {}, body), document)
    assert asked is not None
    return asked


@pytest.mark.parametrize(("path", "kinds"), [("/Users", ("User",)), ("/Groups", ("Group",)), ("/", ("User", "Group"))])
def test_a_list_is_of_the_kind_at_its_place_and_at_the_base_of_both(path: str, kinds: tuple[str, ...]) -> None:
    assert got(path).kinds == kinds
    assert posted({}, f"{path.rstrip('/')}/.search", b"{}").kinds == kinds


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/Users/x"),
        ("GET", "/Users/.search"),
        ("POST", "/Users"),
        ("GET", "/Schemas"),
        ("PUT", "/Users/.search"),
    ],
)
def test_everything_else_is_none_of_its_business(method: str, path: str) -> None:
    assert asked_by(ScimRequest(method, "https://x", path, {}), None) is None


def test_a_body_asks_as_a_query_does() -> None:
    body = {"Schemas": ["x"], "FILTER": "title pr", "sortBy": "title", "sortOrder": "Descending", "startIndex": 3,
            "count": 7, "attributes": ["title", "name.givenName"], "excludedAttributes": None}  # fmt: skip
    query = {"filter": "title pr", "sortBy": "title", "sortOrder": "descending", "startIndex": "3", "count": "7",
             "attributes": "title,name.givenName"}  # fmt: skip
    assert posted(body) == got(**query)
    assert posted({"cursor": "abc", "count": 7}) == got(cursor="abc", count="7")


def test_numbers_are_brought_within_their_bounds() -> None:
    assert (got().start, got().count) == (1, DEFAULT_PAGE)
    assert (got(startIndex="-5", count="-1").start, got(startIndex="-5", count="-1").count) == (1, 0)
    assert (got(startIndex="9" * 90).start, got(count="9" * 90).count) == (LAST_INDEX, MAX_RESULTS)


@pytest.mark.parametrize("value", ["", "x", "1.5", "1e3", "²", "--1", "0x10"])
@pytest.mark.parametrize("name", ["startIndex", "count"])
def test_what_is_no_number_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(InvalidValueException, match=name):
        got(**{name: value})


@pytest.mark.parametrize(
    "document",
    [{"startIndex": True}, {"count": 1.5}, {"count": [1]}, {"filter": 5}, {"sortBy": ["title"]}, {"attributes": [1]},
     {"excludedAttributes": {"a": 1}}, {"sortOrder": "up"}, {"cursor": "", "startIndex": 1},
     {"attributes": ["title"], "excludedAttributes": ["name"]}],
)  # fmt: skip
def test_what_a_body_may_not_hold_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(InvalidValueException):
        posted(document)


def test_a_bad_count_of_a_page_by_cursor_has_a_name_of_its_own() -> None:
    with pytest.raises(InvalidCountException, match="count"):
        got(cursor="", count="x")


def test_an_empty_object_asks_for_everything_and_no_object_for_nothing() -> None:
    assert posted(None, body=b" { } ") == got()
    for body in (b"", b"[]", b"null", b"5"):
        with pytest.raises(InvalidSyntaxException):
            posted(None, body=body)
