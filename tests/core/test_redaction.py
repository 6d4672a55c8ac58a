"""What of an exchange reaches the log: secrets never, personal values only where asked, everything else unharmed."""

from typing import Any
from urllib.parse import quote

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.redaction import DEEPEST, KEPT_BODY, MASK, Bodies, redact_body, redact_filter, redact_headers, redact_path

SECRET = "hunter2-hunter2"


def kept(document: Any, bodies: Bodies = "redacted") -> Any:
    return orjson.loads(redact_body(orjson.dumps(document), bodies))


def test_credentials_in_headers_keep_their_scheme_only() -> None:
    headers = redact_headers([("Authorization", f"Bearer {SECRET}"), ("Proxy-Authorization", f"Basic {SECRET}")])
    assert headers == {"authorization": f"Bearer {MASK}", "proxy-authorization": f"Basic {MASK}"}


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "X-Auth-Token"])
def test_a_credential_without_a_scheme_is_masked_whole(name: str) -> None:
    assert redact_headers([(name, SECRET)]) == {name.lower(): MASK}


@pytest.mark.parametrize("value", [f"{SECRET} {SECRET}", f"Token {SECRET}", f"{SECRET}, Bearer {SECRET}"])
def test_what_stands_before_a_credential_is_masked_unless_it_is_a_scheme_that_is_known(value: str) -> None:
    assert redact_headers([("Authorization", value)]) == {"authorization": MASK}


def test_other_headers_stay_and_repeated_ones_are_joined() -> None:
    headers = redact_headers([("X-Atlassian-Token", "no-check"), ("Via", "a"), ("via", "b")])
    assert headers == {"x-atlassian-token": "no-check", "via": "a, b"}


def test_a_redirect_with_a_token_in_its_address_loses_the_token() -> None:
    assert (
        redact_headers([("Location", f"https://c/x?token={SECRET}&a=1")])["location"] == f"https://c/x?token={MASK}&a=1"
    )


@pytest.mark.parametrize("bodies", ["full", "redacted"])
@pytest.mark.parametrize(
    "document",
    [
        {"userName": "jdoe", "password": SECRET},
        {"password": {"value": SECRET}},
        {"a": [{"b": {"clientSecret": 1, "client_secret": SECRET}}]},
        {"PassWord": SECRET},
        {"urn:ietf:params:scim:schemas:core:2.0:User:password": SECRET},
        {"Operations": [{"op": "replace", "path": "password", "value": SECRET}]},
        {"Operations": [{"Op": "Replace", "Path": "PASSWORD", "Value": SECRET}]},
        {"Operations": [{"op": "add", "value": {"password": SECRET}}]},
        {"Operations": [{"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:User:password", "value": SECRET}]},
        {"emails": [{"value": "jane@example.com", "password": SECRET}]},
    ],
)
def test_a_secret_in_a_body_is_masked_in_every_mode(document: Any, bodies: Bodies) -> None:
    text = redact_body(orjson.dumps(document), bodies).decode()
    assert SECRET not in text
    assert MASK in text


def test_names_stay_readable_and_personal_values_do_not() -> None:
    document = {
        "userName": "jane@example.com",
        "name": {"givenName": "Jane"},
        "emails": [{"type": "work", "value": "jane@example.com", "primary": True}],
        "phoneNumbers": [{"type": "mobile", "value": "+49 151 1"}],
        "birthday": 19800101,
        "active": True,
    }
    assert kept(document) == {
        "userName": "jane@example.com",
        "name": {"givenName": "Jane"},
        "emails": [{"type": "work", "value": f"{MASK}@example.com", "primary": True}],
        "phoneNumbers": [{"type": "mobile", "value": MASK}],
        "birthday": MASK,
        "active": True,
    }
    assert kept(document, "full") == document


@pytest.mark.parametrize(
    "path",
    [
        'emails[type eq "work"].value',
        'emails[value eq "a:b"].value',
        "urn:ietf:params:scim:schemas:core:2.0:User:emails",
    ],
)
def test_a_patch_hides_the_values_of_the_attribute_its_path_leads_to(path: str) -> None:
    assert kept({"op": "replace", "path": path, "value": "jane@example.com"})["value"] == f"{MASK}@example.com"


def test_a_patch_without_a_path_hides_by_the_names_in_its_value() -> None:
    operation = {"op": "add", "value": {'emails[type eq "work"].value': "jane@example.com", "displayName": "Jane"}}
    assert kept(operation)["value"] == {'emails[type eq "work"].value': f"{MASK}@example.com", "displayName": "Jane"}


def test_mode_none_keeps_no_body() -> None:
    assert redact_body(b'{"userName":"jdoe"}', "none") == b""


def test_a_body_that_is_not_json_is_kept_only_in_full() -> None:
    page = b"<html>password=hunter2</html>"
    assert redact_body(page, "full") == page
    assert redact_body(page, "redacted") == b'[29 bytes, not JSON: kept only with bodies = "full"]'


def test_a_long_body_is_cut_and_says_so() -> None:
    body = redact_body(orjson.dumps({"displayName": "x" * KEPT_BODY}), "redacted")
    assert len(body) < KEPT_BODY + 50
    assert body.endswith(b"bytes in all]")


def test_a_body_nested_without_end_is_masked_where_it_gets_too_deep() -> None:
    body = redact_body(b'{"a":' * 900 + b"1" + b"}" * 900, "redacted")
    assert body.count(b"{") == DEEPEST + 1
    assert MASK.encode() in body


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/rest/api/user?username=jdoe", "/rest/api/user?username=jdoe"),
        (f"/x?a=&Password={SECRET}&b=%2B", f"/x?a=&Password={MASK}&b=%2B"),
        (f"/x?access%5Ftoken={SECRET}", f"/x?access%5Ftoken={MASK}"),
        ("//x?", "//x?"),
        ("/Users?filter=userName+eq+%22a%22", "/Users?filter=userName+eq+%22a%22"),
        (f"/Users?filter=password+eq+%22{SECRET}%22&count=1", f"/Users?filter=password%20eq%20{MASK}&count=1"),
        (
            f"/Users?Filter=Password%20EQ%20{SECRET}%20or%20id%20pr",
            f"/Users?Filter=Password%20EQ%20{MASK}%20or%20id%20pr",
        ),
    ],
)
def test_secret_query_parameters_are_masked_and_the_rest_stays_as_sent(path: str, shown: str) -> None:
    assert redact_path(path) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f'password eq "{SECRET}" and title pr', f"password eq {MASK} and title pr"),
        (f'(urn:x:2.0:User:password ne"{SECRET}\\"{SECRET}")', f"(urn:x:2.0:User:password ne{MASK})"),
        (f'password eq "{SECRET}', f"password eq {MASK}"),
        (f"not (token sw {SECRET})", f"not (token sw {MASK})"),
        ('passwords eq "x" and userName eq "password"', 'passwords eq "x" and userName eq "password"'),
    ],
)
def test_what_a_filter_compares_a_secret_with_is_masked(text: str, shown: str) -> None:
    assert redact_filter(text) == shown
    assert kept({"filter": text}, "full") == {"filter": shown}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["op", "path", "value", "emails", "x"]), inner)
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_document_can_be_redacted_and_is_the_same_when_redacted_again(document: Any) -> None:
    once = redact_body(orjson.dumps(document), "redacted")
    assert redact_body(once, "redacted") == once


@given(JSON, st.sampled_from(["password", "token", "Client_Secret"]))
def test_no_document_around_a_secret_lets_it_through(document: Any, name: str) -> None:
    around = [document, {name: SECRET, "x": document}]
    assert SECRET.encode() not in redact_body(orjson.dumps(around), "full")


@pytest.mark.parametrize("key", ["initialPassword", "user_passwd", "clientSecretHash", "urn:x:1.0:User:tempPassword"])
def test_a_key_that_tells_of_a_secret_is_one_though_nobody_foresaw_it(key: str) -> None:
    kept = redact_body(orjson.dumps({key: "hunter2", "inner": [{key: {"value": "hunter2"}}]}), "full")
    assert b"hunter2" not in kept


def test_a_secret_is_masked_whose_key_is_spelt_with_letters_that_only_look_like_ascii() -> None:
    sent = f'pa\u017f\u017fword eq "{SECRET}"'
    assert SECRET not in redact_filter(sent)
    assert SECRET not in redact_path("/Users?filter=" + quote(sent))
