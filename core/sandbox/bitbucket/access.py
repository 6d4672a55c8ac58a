"""Who is calling, and whether he may: passwords, HTTP access tokens, OAuth 2.0 access tokens, CAPTCHA.

Source: Bitbucket Data Center documentation; BSERV-10482 (an HTTP access token never administers).
"""

from starlette.datastructures import Headers

from core.sandbox.answers import Instead, page
from core.sandbox.bitbucket.answers import NOT_PERMITTED, Refusal, not_permitted
from core.sandbox.bitbucket.endpoint import Access, Endpoint
from core.sandbox.bitbucket.permissions import NO_PERMISSION, Permission
from core.sandbox.bitbucket.state import State
from core.sandbox.credentials import basic, with_password, with_token
from core.sandbox.embedded_crowd import Account, name_key

_MOST_BY_SCOPE = {"ADMIN_WRITE": Permission.ADMIN, "SYSTEM_ADMIN": Permission.SYS_ADMIN}
"""OAuth 2.0 scopes that may administer; all others stop before."""
_WRONG = "Authentication failed. Please check your credentials and try again."


def authenticate(state: State, headers: Headers) -> Account | None:
    """The licensed account that the credentials belong to, or None for an anonymous visitor.

    :raises Instead: 401 for wrong credentials and those of somebody who takes no seat; see also `Quirks`.
    """
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        return _by_password(state, credential.strip())
    if scheme.lower() == "bearer":
        return _licensed(state, with_token(state, credential.strip()))
    return None


def authorize(state: State, caller: Account | None, endpoint: Endpoint, headers: Headers) -> int:
    """The highest permission of the caller by this credential, if that is enough for the endpoint.

    :raises Instead: 401, or a login page.
    """
    if caller is None and endpoint.access > Access.PUBLIC:
        raise _not_let_in(state, NOT_PERMITTED, "AuthorisationException")
    level = _level(state, caller, headers)
    if level < endpoint.access:
        raise not_permitted()
    return level


def _level(state: State, caller: Account | None, headers: Headers) -> int:
    if caller is None:
        return NO_PERMISSION
    level = state.level_of(caller.username)
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return level
    scope = state.scopes.get(credential.strip(), "")
    return min(level, _MOST_BY_SCOPE.get(scope, Permission.PROJECT_CREATE))


def _by_password(state: State, credential: str) -> Account | None:
    if not state.takes_passwords:
        status = state.quirks.basic_off_status
        raise Refusal(
            status, "Basic Authentication has been disabled on this instance.", "auth.AuthenticationException"
        )
    said = basic(credential)
    if said is None:
        raise page(401, "Unauthorized (401)")
    name = name_key(said[0])
    limit = state.settings.captcha_after
    if limit is not None and state.failed_logins[name] >= limit:
        raise Refusal(
            state.quirks.captcha_status,
            "CAPTCHA required. Your Bitbucket account has been marked as requiring a CAPTCHA; log in at the web "
            "interface to continue.",
            "auth.CaptchaRequiredAuthenticationException",
        )
    account = with_password(state, *said)
    if account is None:
        state.failed_logins[name] += 1
    else:
        state.failed_logins.pop(name, None)
    return _licensed(state, account)


def _licensed(state: State, account: Account | None) -> Account | None:
    """The account itself, which takes a seat."""
    if account is not None and state.seats.has(account.username):
        return account
    if state.quirks.bad_credential == "anonymous":
        return None
    raise _not_let_in(state, _WRONG, "auth.IncorrectPasswordAuthenticationException")


def _not_let_in(state: State, message: str, exception: str) -> Instead:
    if state.quirks.unauthenticated == "redirect":
        return page(302, "Log in", {"Location": f"{state.context}/login"})
    if state.quirks.unauthenticated == "html":
        return page(401, "Unauthorized (401)")
    return Refusal(401, message, exception)
