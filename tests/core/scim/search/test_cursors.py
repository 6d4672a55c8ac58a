"""Cursors hold for one provider, one query, one page size and a while; nobody can make one up."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scim2_models import ExpiredCursorException, InvalidCountException, InvalidCursorException

from core.scim.search import cursors
from core.scim.search.asked import Asked
from core.scim.search.cursors import Position, seal, unseal
from core.scim.search.projection import Projection
from core.scim.service import CURSOR_SECONDS

NOW = 1_800_000_000_000
ASKED = Asked(("User",), Projection(), filter="title pr", sort_by="title", cursor="", count=10)
AT = Position(0, 17, "Zoë", 42)


def sealed(asked: Asked = ASKED, position: Position = AT, provider: str = "entra") -> Asked:
    return replace(asked, cursor=seal(provider, asked, position, NOW))


@given(st.builds(Position, st.integers(0, 1), st.integers(1, 2**53), st.text() | st.booleans() | st.integers(0, 2**53),
                 st.none() | st.integers(0, 2**40)))  # fmt: skip
def test_what_is_sealed_comes_back(position: Position) -> None:
    assert unseal("entra", sealed(position=position), NOW + 1) == position


def test_an_empty_cursor_is_the_beginning() -> None:
    assert unseal("entra", ASKED, NOW) == Position()


@pytest.mark.parametrize(
    "other",
    [{"filter": "title eq null"}, {"sort_by": None}, {"is_descending": True}, {"kinds": ("Group",)},
     {"projection": Projection.of({"attributes": "title"})}],
)  # fmt: skip
def test_a_cursor_of_another_query_is_refused(other: dict[str, object]) -> None:
    with pytest.raises(InvalidCursorException, match="empty cursor"):
        unseal("entra", replace(sealed(), **other), NOW)  # type: ignore[arg-type]


def test_a_cursor_of_another_provider_is_refused() -> None:
    with pytest.raises(InvalidCursorException):
        unseal("okta", sealed(), NOW)


def test_a_cursor_holds_for_the_page_size_that_it_was_made_for() -> None:
    with pytest.raises(InvalidCountException, match="count=10"):
        unseal("entra", replace(sealed(), count=11), NOW)


def test_a_cursor_expires() -> None:
    assert unseal("entra", sealed(), NOW + CURSOR_SECONDS * 1000) == AT
    with pytest.raises(ExpiredCursorException, match="older"):
        unseal("entra", sealed(), NOW + CURSOR_SECONDS * 1000 + 1)


def test_a_cursor_of_before_a_restart_is_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sealed()
    monkeypatch.setattr(cursors, "_KEY", b"k" * 32)
    monkeypatch.setattr(cursors, "_KEY_NAME", b"name")
    with pytest.raises(ExpiredCursorException, match="restart"):
        unseal("entra", before, NOW)


@given(st.data())
def test_a_changed_cursor_is_refused(data: st.DataObject) -> None:
    asked = sealed()
    assert asked.cursor
    at = data.draw(st.integers(6, len(asked.cursor) - 1))  # behind the key's name
    character = data.draw(st.sampled_from("AZaz09-_").filter(lambda each: each != asked.cursor[at]))  # type: ignore[index]
    changed = asked.cursor[:at] + character + asked.cursor[at + 1 :]
    with pytest.raises(InvalidCursorException):
        unseal("entra", replace(asked, cursor=changed), NOW)


@given(st.text() | st.text("AZaz09-_", min_size=20))
def test_what_was_never_given_is_refused(text: str) -> None:
    if text:
        with pytest.raises(InvalidCursorException):
            unseal("entra", replace(ASKED, cursor=text), NOW)
