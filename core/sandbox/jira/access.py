"""Who is calling, and whether he may: personal access tokens, Basic authentication, CAPTCHA."""

from starlette.datastructures import Headers
from starlette.responses import Response

from core.sandbox.answers import Instead, page
from core.sandbox.credentials import basic, with_password, with_token
from core.sandbox.embedded_crowd import Account, name_key
from core.sandbox.jira.answers import Refusal
from core.sandbox.jira.endpoint import Access, Endpoint
from core.sandbox.jira.state import State
from core.sandbox.version import Version

_TOKENS_SINCE = Version(8, 14)
_FAILED = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}


def authenticate(state: State, headers: Headers) -> Account | None:
    """The account that the credentials belong to, or None for an anonymous visitor.

    :raises Instead: 401 for a wrong password or token (JRA-41559: in truth an empty 200 now and then), 403 where a
        CAPTCHA must be solved.
    """
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        return _by_password(state, credential.strip())
    if scheme.lower() == "bearer" and state.version >= _TOKENS_SINCE:
        account = with_token(state, credential.strip())
        if account is None and state.quirks.bad_token != "anonymous":
            raise (
                Instead(Response(status_code=200, headers=_FAILED))
                if state.quirks.bad_token == "empty"
                else (_not_let_in(state))
            )
        return account
    return None


def authorize(state: State, caller: Account | None, endpoint: Endpoint) -> Access:
    """The most that the caller may do, if that is enough for the endpoint.

    :raises Instead: 401, 403, or a login page.
    """
    if caller is None and endpoint.access > Access.PUBLIC:
        raise _not_let_in(state)
    access = access_of(state, caller)
    if access < endpoint.access:
        raise Refusal(403, "You do not have the permission to perform this operation.")
    return access


def access_of(state: State, account: Account | None) -> Access:
    """The most that this account may do."""
    if account is None:
        return Access.PUBLIC
    groups = state.groups_of(account.username)
    if groups & {name_key(group) for group in state.settings.system_administrator_groups}:
        return Access.SYSTEM_ADMINISTRATOR
    if groups & {name_key(group) for group in state.settings.administrator_groups}:
        return Access.ADMINISTRATOR
    return Access.KNOWN


def _by_password(state: State, credential: str) -> Account:
    said = basic(credential)
    if said is None:
        raise page(401, "Unauthorized (401)", _FAILED)
    name = name_key(said[0])
    limit = state.settings.captcha_after
    if limit is not None and state.failed_logins[name] >= limit:
        reason = f"CAPTCHA_CHALLENGE; login-url={state.context}/login.jsp"
        raise page(403, "Forbidden (403)", {"X-Authentication-Denied-Reason": reason})
    account = with_password(state, *said)
    if account is None:
        state.failed_logins[name] += 1
        raise page(401, "Unauthorized (401)", _FAILED)
    state.failed_logins.pop(name, None)
    return account


def _not_let_in(state: State) -> Instead:
    if state.quirks.unauthenticated == "redirect":
        return page(302, "Log in", {"Location": f"{state.context}/login.jsp"})
    if state.quirks.unauthenticated == "html":
        return page(401, "Unauthorized (401)")
    return Refusal(401, "You are not authenticated. Authentication required to perform this operation.")
