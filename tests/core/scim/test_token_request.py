"""What a client asks of the token endpoint (RFC 6749 §2.3.1, §4.4.2, §5.2)."""

import base64

import pytest

from core.scim.token_request import FORM, LARGEST, TokenError, TokenRequest, token_request

GRANT = b"grant_type=client_credentials"


def by_basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def refused(content_type: str = FORM, authorization: str = "", body: bytes = GRANT) -> TokenError:
    with pytest.raises(TokenError) as refusal:
        token_request(content_type, authorization, body)
    return refusal.value


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", "Application/X-WWW-Form-Urlencoded"])
def test_the_secret_in_the_form(content_type: str) -> None:
    body = GRANT + b"&client_id=mci_1&client_secret=mcs_2%2B&scope=scim&resource=x"
    assert token_request(content_type, "", body) == TokenRequest("mci_1", "mcs_2+")


def test_the_secret_by_basic_where_both_are_form_encoded() -> None:
    assert token_request(FORM, by_basic("mci%5F1", "a%3Ab+c"), GRANT) == TokenRequest("mci_1", "a:b c")


def test_the_client_id_may_be_repeated_in_the_form() -> None:
    body = GRANT + b"&client_id=mci_1"
    assert token_request(FORM, by_basic("mci_1", "mcs_2"), body) == TokenRequest("mci_1", "mcs_2")
    assert refused(authorization=by_basic("mci_2", "mcs_2"), body=body).code == "invalid_request"


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        (b"", "invalid_request", "grant_type is missing"),
        (b"client_id=mci_1&client_secret=mcs_2", "invalid_request", "grant_type is missing"),
        (b"grant_type=password", "unsupported_grant_type", "only grant_type=client_credentials"),
        (GRANT, "invalid_client", "client_id or client_secret is missing"),
        (GRANT + b"&client_id=mci_1", "invalid_client", "client_id or client_secret is missing"),
        (GRANT + b"&" + GRANT, "invalid_request", "given twice"),
        (GRANT + b"&x=%ff", "invalid_request", "cannot be read"),
        ("grant_type=ü".encode(), "invalid_request", "cannot be read"),
        (b"&".join(b"a%d=1" % number for number in range(65)), "invalid_request", "cannot be read"),
        (b"a" * (LARGEST + 1), "invalid_request", "larger than"),
    ],
)
def test_what_is_missing_or_wrong_has_its_code_and_the_remedy(body: bytes, code: str, says: str) -> None:
    error = refused(body=body)
    assert (error.code, says in error.description) == (code, True)


def test_json_is_refused_because_oauth_has_forms() -> None:
    error = refused("application/json", body=b'{"grant_type":"client_credentials"}')
    assert (error.code, FORM in error.description) == ("invalid_request", True)


def test_the_secret_in_both_places_is_refused() -> None:
    body = GRANT + b"&client_id=mci_1&client_secret=mcs_2"
    assert refused(authorization=by_basic("mci_1", "mcs_2"), body=body).code == "invalid_request"


@pytest.mark.parametrize("authorization", ["Basic", "Basic !!!", "Bearer mcs_2"])
def test_an_authorization_that_is_no_basic_is_refused(authorization: str) -> None:
    assert refused(authorization=authorization).code == "invalid_client"


def test_no_refusal_repeats_what_was_sent() -> None:
    for body in (b"grant_type=mcs_2", GRANT + b"&client_secret=mcs_2", GRANT + b"&mcs_2=%ff"):
        assert "mcs_2" not in refused(body=body).description
