"""Reading the Authorization header."""

import base64

import pytest

from core.scim.presented import LONGEST, Basic, Bearer, Unreadable, presented


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("header", ["Bearer mcp_x", "bearer mcp_x", "BEARER   mcp_x  ", " Bearer mcp_x"])
def test_a_bearer_token_whatever_the_case_of_the_word(header: str) -> None:
    assert presented(header) == Bearer("mcp_x")


def test_a_token_without_the_word_is_one_and_needs_a_tolerance() -> None:
    assert presented("mcp_x") == Bearer("mcp_x", ("bearer-word-missing",))


def test_a_user_name_and_a_password_which_may_have_colons() -> None:
    assert presented(f"Basic {encoded('entra:mcp_x:y')}") == Basic("entra", "mcp_x:y")
    assert presented(f"basic {encoded('björn:mcp_ü')}") == Basic("björn", "mcp_ü")


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("", "no credential was sent"),
        ("   ", "no credential was sent"),
        ("Bearer", "no token follows the word Bearer"),
        ("Bearer ", "no token follows the word Bearer"),
        ("Basic", "no user name and password"),
        ("Basic !!!", "no user name and password"),
        (f"Basic {encoded('nocolon')}", "no user name and password"),
        ("Basic gIA6eA==", "no user name and password"),  # not UTF-8
        ("Digest username=x", "does not begin with the word Bearer"),
        ("Bearer: mcp_x", "does not begin with the word Bearer"),
        ("x" * (LONGEST + 1), "longer than 4096 characters"),
    ],
)
def test_anything_else_says_what_is_wrong_and_repeats_nothing(header: str, says: str) -> None:
    found = presented(header)
    assert isinstance(found, Unreadable)
    assert says in found.detail
    assert "mcp_x" not in found.detail
