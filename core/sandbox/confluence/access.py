"""Who is calling, and whether he may: personal access tokens, Basic authentication, anonymous access, XSRF checks."""

import base64
import binascii
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request

from core.sandbox.confluence.answers import Instead, Refusal, page, xsrf_failed
from core.sandbox.confluence.content import Account, name_key
from core.sandbox.confluence.endpoint import Access, Endpoint
from core.sandbox.confluence.state import State
from core.sandbox.confluence.version import Version

_TOKENS_SINCE = Version(7, 9)
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def check_xsrf(request: Request) -> None:
    """Refuse what looks like a browser, or a form without the header that says it is none.

    :raises Instead: 403 in plain text.
    """
    if request.method not in ("POST", "PUT", "DELETE"):
        return
    headers = request.headers
    foreign = any(_is_foreign(headers.get(name, ""), request) for name in ("origin", "referer"))
    if "Mozilla" in headers.get("user-agent", "") or foreign:
        raise xsrf_failed()
    is_form = headers.get("content-type", "").startswith(_FORMS)
    if is_form and headers.get("x-atlassian-token", "") not in ("no-check", "nocheck"):
        raise xsrf_failed()


def authenticate(state: State, headers: Headers) -> Account | None:
    """The account that the credentials belong to, or None for an anonymous visitor.

    :raises Instead: 401 for a wrong password, or a wrong token where those do not make the caller anonymous.
    """
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        account = _by_password(state, credential.strip())
        if account is None:
            raise page(401, "Basic Authentication Failure - Reason : AUTHENTICATED_FAILED")
        return account
    if scheme.lower() == "bearer" and state.version >= _TOKENS_SINCE:
        account = _usable(state.crowd.account_with_key(state.tokens.get(credential.strip(), "")))
        if account is None and not state.quirks.bad_token_is_anonymous:
            raise _not_let_in(state)
        return account
    return None


def authorize(state: State, caller: Account | None, endpoint: Endpoint) -> None:
    """Refuse a caller who lacks what the endpoint asks for, and any write in read-only mode.

    :raises Instead: 401, 403, or a login page.
    """
    if caller is None and endpoint.access > Access.PUBLIC and not state.settings.anonymous_access:
        raise _not_let_in(state)
    if access_of(state, caller) < endpoint.access:
        status = 403 if caller else endpoint.anonymous
        raise Refusal(status, "You are not permitted to perform this operation.")
    if endpoint.writes:
        check_writable(state)


def access_of(state: State, caller: Account | None) -> Access:
    """The most that this caller may do."""
    if caller is None:
        return Access.VIEWER if state.quirks.anonymous_browses_users else Access.ANYONE
    groups = state.crowd.groups_of(caller.username)
    if groups & {name_key(group) for group in state.settings.system_administrator_groups}:
        return Access.SYSTEM_ADMINISTRATOR
    if groups & {name_key(group) for group in state.settings.administrator_groups}:
        return Access.ADMINISTRATOR
    return Access.KNOWN


def check_writable(state: State) -> None:
    """Refuse a write while the site is in read-only mode.

    :raises Refusal: 405 or 403.
    """
    if state.settings.access_mode == "READ_ONLY":
        raise Refusal(state.quirks.read_only_mode_status, "The site is in read-only mode.", read_only=True)


def _by_password(state: State, credential: str) -> Account | None:
    try:
        username, _, password = base64.b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    account = _usable(state.crowd.account(username))
    known = state.passwords.get(account.user_key) if account else None
    return account if known is not None and known == password else None


def _usable(account: Account | None) -> Account | None:
    return account if account and account.active else None


def _not_let_in(state: State) -> Instead:
    if state.quirks.unauthenticated == "redirect":
        return page(302, "Log in", {"Location": f"{state.context}/login.action"})
    if state.quirks.unauthenticated == "html":
        return page(401, "Unauthorized")
    return Refusal(401, "You must be logged in to access this resource.")


def _is_foreign(origin: str, request: Request) -> bool:
    return bool(origin) and urlsplit(origin).netloc != request.headers.get("host", "")
