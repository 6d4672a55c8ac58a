"""From an error answer to the exception that says what it means for the caller, with the remedy.

The meaning of a status is the same for all Atlassian products as far as it is written here; where one product
differs, its own file looks again.
"""

from urllib.parse import urlsplit

from core.targets.answer import Answer, NoAnswer
from core.targets.error_text import error_code, error_text, one_line
from core.targets.protocol import (
    AlreadyExists,
    CredentialFailed,
    NoSeats,
    NotFound,
    OutcomeUnknown,
    Refused,
    TargetError,
    Unavailable,
    Unsupported,
)

_LOGIN_SEGMENTS = frozenset(
    {"login", "signin", "sign-in", "sso", "saml", "saml2", "oauth", "oauth2", "authorize", "auth"}
)

_REMEDIES: dict[int, tuple[type[TargetError], str]] = {
    400: (Refused, "Correct the value where it comes from, or the rule that makes it."),
    401: (CredentialFailed, "Make a new token in the product and put it where the target's credential says."),
    402: (NoSeats, "Free a seat or extend the licence."),
    403: (CredentialFailed, "Give the account behind the target's credential administrator permission."),
    404: (NotFound, "It may have been renamed or deleted in the product: synchronise the target."),
    405: (Unsupported, "This version of the product does not offer the call; upgrade it, or provision into Crowd."),
    407: (CredentialFailed, "The proxy wants a login: put it into the proxy's address."),
    409: (AlreadyExists, "Synchronise the target to see what is there."),
    429: (Unavailable, "Exempt the account in the product's rate limiting settings, or try again later."),
}  # fmt: skip
_REFUSED = (Refused, "Look at the exchange in the log.")
_FAILED = (Unavailable, "Look at the product's own log, and try again later.")
_PERHAPS_DONE = "It may have happened all the same: it is read back before anything else."


def refusal(answer: Answer, asked: str, party: str, *, effect: bool) -> TargetError:
    """The exception for a status of 400 and above. `asked` is the method and path, `effect` says it was a write."""
    said = error_text(answer)
    told = f": {said.rstrip('.')}" if said else ""
    kind, remedy = _meaning(answer, said, effect=effect)
    text = f"{party} answered {answer.status} to {asked}{told}."
    return kind(text, remedy=remedy, status=answer.status, code=error_code(answer))


def _meaning(answer: Answer, said: str, *, effect: bool) -> tuple[type[TargetError], str]:
    status = answer.status
    if effect and status >= 500 and status not in (501, 503):
        return OutcomeUnknown, _PERHAPS_DONE
    if "captcha" in answer.headers.get("x-authentication-denied-reason", "").lower():
        return CredentialFailed, "The account is locked: log in once in a browser and solve the CAPTCHA."
    if is_absent(answer):
        return _REMEDIES[405]
    if status == 403 and "xsrf" in said.lower():
        return CredentialFailed, "A proxy changes the request's headers: let it pass them as they are."
    return _REMEDIES.get(status, _FAILED if status >= 500 else _REFUSED)


def is_absent(answer: Answer) -> bool:
    """Whether the product has no such call: 405, 501, or a 404 that does not come from the call itself.

    Atlassian's REST answers an unknown path with `null for uri: …`, the servlet container and proxies in HTML.
    """
    if answer.status in (405, 501):
        return True
    if answer.status != 404:
        return False
    return "json" not in answer.media_type or "null for uri" in error_text(answer)


def silence(result: NoAnswer, asked: str, party: str, *, effect: bool) -> TargetError:
    """The exception for an answer that never came."""
    message = f"{party} did not answer {asked}: {result.text}"
    if effect and result.sent:
        return OutcomeUnknown(message, remedy=_PERHAPS_DONE)
    return Unavailable(message, remedy=result.remedy)


def not_authenticated(answer: Answer, party: str) -> CredentialFailed | None:
    """The exception for an answer below 400 that in truth asks for a login; `None` for all others.

    A login page comes as a redirect or as an HTML page with status 200; Jira may also answer 200 with an empty body
    and say so only in a header (JRA-41559).
    """
    page = answer.status < 300 and answer.media_type == "text/html" and bool(answer.body)
    redirect = 300 <= answer.status < 400 and _leads_to_login(answer.headers.get("location", ""))
    header = "AUTHENTICATED_FAILED" in answer.headers.get("x-seraph-loginreason", "")
    if not (page or redirect or header):
        return None
    return CredentialFailed(
        f"{party} shows a login page instead of an answer: the credential is not accepted, or a single sign-on "
        "stands before the REST API.",
        remedy="Make a new token, and let the sign-on pass requests that carry one.",
        status=answer.status,
    )


def astray(answer: Answer, asked: str, party: str) -> Unavailable:
    """The exception for a redirect that is not followed."""
    location = one_line(answer.headers.get("location", "") or "nowhere")
    return Unavailable(
        f"{party} sends {asked} on to {location}.",
        remedy="Put the address of the product itself into the target's url.",
        status=answer.status,
    )


def _leads_to_login(location: str) -> bool:
    """By its place, never by a name that happens to stand in it: `/login.action`, `login.example.com`, SAML."""
    try:
        parts = urlsplit(location.lower())
    except ValueError:
        return False
    segments = {segment.partition(".")[0] for segment in parts.path.split("/")}
    query = {pair.partition("=")[0] for pair in parts.query.split("&")}
    return (
        bool(segments & _LOGIN_SEGMENTS)
        or (parts.hostname or "").startswith("login.")
        or bool(query & {"os_destination", "samlrequest"})
    )
