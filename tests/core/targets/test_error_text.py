"""Every shape in which a product, a proxy or a login filter reports an error becomes one sentence that can be shown."""

import time

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.targets.answer import Answer
from core.targets.error_text import LONGEST_TEXT, error_code, error_text


def text(body: object) -> str:
    return error_text(Answer(400, {}, body if isinstance(body, bytes) else orjson.dumps(body)))


CONFLUENCE = {
    "statusCode": 404,
    "data": {"authorized": False, "valid": True, "allowedInReadOnlyMode": True, "errors": [], "successful": False},
    "message": "No user found with name : ghost",
    "reason": "Not Found",
}
CONFLUENCE_VALIDATION = {
    "statusCode": 400,
    "data": {"errors": [{"message": {"key": "user.name.upper", "args": [], "translation": "Only lower case."}}]},
    "message": "Invalid user",
}
BITBUCKET = {"errors": [{"context": "name", "message": "Taken.", "exceptionName": "com.atlassian.X"}]}
SCIM = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
    "status": "409",
    "scimType": "uniqueness",
    "detail": "Taken",
}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (CONFLUENCE, "No user found with name : ghost"),
        (CONFLUENCE_VALIDATION, "Invalid user Only lower case."),
        ({"errorMessages": ["No user named 'ghost'"], "errors": {}}, "No user named 'ghost'"),
        ({"errorMessages": [], "errors": {"username": "Already exists."}}, "username: Already exists."),
        ({"message": "null for uri: http://jira/rest/nope", "status-code": 404}, "null for uri: http://jira/rest/nope"),
        (BITBUCKET, "name: Taken."),
        ({"errors": [{"context": None, "message": "Not permitted"}]}, "Not permitted"),
        ({"reason": "USER_NOT_FOUND", "message": "User <ghost> does not exist"}, "User <ghost> does not exist"),
        ({"reason": "USER_NOT_FOUND"}, "USER_NOT_FOUND"),
        (SCIM, "Taken"),
        ({"error": "Unauthorized", "traceId": "abc"}, "Unauthorized"),
        ({"error": {"code": 500, "message": "RemoteException"}}, "RemoteException"),
        ({"error": "invalid_grant", "error_description": "Expired."}, "Expired. invalid_grant"),
        (["one", "two"], "one two"),
        ("just words", "just words"),
        ({}, ""),
        (b"", ""),
        (b"XSRF check failed", "XSRF check failed"),
        (b"two\r\nlines\x1b[31m", "two lines [31m"),
        (b"<html><head><title>Unauthorized (401)</title><style>p{}</style></head></html>", "Unauthorized (401)"),
        (b"<!-- a --><html><title> </title><h1>502 Bad&nbsp;Gateway</h1>nginx</html>", "502 Bad Gateway"),
        (b"<html><script>x()</script><p>Go <b>away</b></p></html>", "Go away"),
        (b"<?xml version='1.0'?><error><reason>X</reason><message>No such group</message></error>", "No such group"),
        (b"\xff\xfe not utf-8", "\ufffd\ufffd not utf-8"),
    ],
)  # fmt: skip
def test_it_finds_the_sentence(body: object, said: str) -> None:
    assert text(body) == said


def test_a_document_nested_without_end_says_nothing() -> None:
    assert text(b'{"message":' * 1000 + b'"x"' + b"}" * 1000) == ""


def test_a_long_text_is_cut() -> None:
    assert len(text(b"x" * 10_000)) == LONGEST_TEXT


@pytest.mark.parametrize("piece", [b"<script>", b"<", b"<title", b"<!--", b"<title>"])
def test_a_page_made_to_be_slow_is_not(piece: bytes) -> None:
    started = time.perf_counter()
    text(piece * 200_000)
    assert time.perf_counter() - started < 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["message", "errors", "errorMessages", "data", "detail", "error", "reason", "context"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(JSON | st.binary())
def test_whatever_comes_the_text_is_one_printable_line(body: object) -> None:
    said = text(body)
    assert said.isprintable()
    assert len(said) <= LONGEST_TEXT


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (BITBUCKET, "X"),
        ({"errors": [{"message": "Taken."}]}, ""),
        ({"errors": ["no object"]}, ""),
        ({"errors": {"name": "Taken."}}, ""),
        ({"errors": [], "reason": 5}, ""),
        ({"reason": "USER_NOT_FOUND", "message": "User <ghost> does not exist"}, "USER_NOT_FOUND"),
        ([], ""),
        (b"<html>no JSON</html>", ""),
    ],
)
def test_the_products_own_word_for_an_error_is_told_where_it_has_one(body: object, code: str) -> None:
    assert error_code(Answer(400, {}, body if isinstance(body, bytes) else orjson.dumps(body))) == code
