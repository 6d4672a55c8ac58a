"""Who is calling, and whether he may: personal access tokens, Basic authentication, anonymous access."""

from starlette.datastructures import Headers

from core.sandbox.answers import Instead, page
from core.sandbox.confluence.answers import Refusal
from core.sandbox.confluence.endpoint import Access, Endpoint
from core.sandbox.confluence.state import State
from core.sandbox.credentials import basic, with_password, with_token
from core.sandbox.embedded_crowd import Account, name_key
from core.sandbox.version import Version

_TOKENS_SINCE = Version(7, 9)


def authenticate(state: State, headers: Headers) -> Account | None:
    """The account that the credentials belong to, or None for an anonymous visitor.

    :raises Instead: 401 for a wrong password, or a wrong token where those do not make the caller anonymous.
    """
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        said = basic(credential.strip())
        account = with_password(state, *said) if said else None
        if account is None:
            raise page(401, "Basic Authentication Failure - Reason : AUTHENTICATED_FAILED")
        return account
    if scheme.lower() == "bearer" and state.version >= _TOKENS_SINCE:
        account = with_token(state, credential.strip())
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


def _not_let_in(state: State) -> Instead:
    if state.quirks.unauthenticated == "redirect":
        return page(302, "Log in", {"Location": f"{state.context}/login.action"})
    if state.quirks.unauthenticated == "html":
        return page(401, "Unauthorized")
    return Refusal(401, "You must be logged in to access this resource.")
