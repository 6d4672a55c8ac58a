"""Finding users: the search with its caps, and the list that came for it.

Source: Jira Data Center REST API reference; JRASERVER-65089 (the first 1000 only), JRASERVER-78520 and -78660 (100 at
most, `startAt` without effect, since 10.0), JRASERVER-29069 (what matches everybody).
"""

from starlette.responses import Response

from core.sandbox.answers import Json
from core.sandbox.embedded_crowd import Account
from core.sandbox.jira.answers import Refusal
from core.sandbox.jira.endpoint import Access, Call, Endpoint
from core.sandbox.jira.quirks import Quirks
from core.sandbox.jira.representations import short_user, user_named
from core.sandbox.version import Version

_LIST = "/rest/api/2/user/list"
_DEFAULT_SEARCH = 50
_CAP = 1000
_CAP_SINCE_10 = 100
_DEFAULT_LIST = 2000
_TEN = Version(10, 0)


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints that find users."""
    return [
        Endpoint("GET", "/rest/api/2/user/search", _search, Access.KNOWN),
        Endpoint("GET", _LIST, _list, Access.KNOWN, Version.parse(quirks.user_list_since)),
    ]


def _search(call: Call) -> Response:
    query = call.query.get("username", "")
    if not query.strip():
        raise Refusal(404, "The username query parameter was not provided")
    found = _matching(call, query)
    start, size = call.number("startAt", 0), call.number("maxResults", _DEFAULT_SEARCH)
    if call.state.version >= _TEN:
        start, size = 0, min(size, _CAP_SINCE_10)
    elif not call.state.quirks.search_pages_past_cap:
        found = found[:_CAP]
    size = min(size, _CAP)
    return Json([short_user(call, account) for account in found[start : start + size]])


def _matching(call: Call, query: str) -> list[Account]:
    state, everybody = call.state, query in call.state.quirks.everything
    active, inactive = call.flag("includeActive", default=True), call.flag("includeInactive", default=False)
    accounts = (state.crowd.account(key) for key in state.crowd.accounts())
    wanted = [each for each in accounts if each and (active if each.active else inactive)]
    substring = state.quirks.search_matches == "substring"
    return [each for each in wanted if everybody or _matches(each, query.lower(), substring=substring)]


def _matches(account: Account, query: str, *, substring: bool) -> bool:
    texts = (account.username.lower(), account.email.lower(), account.full_name.lower())
    if substring:
        return any(query in text for text in texts)
    return any(text.startswith(query) for text in (*texts, *texts[-1].split()))


def _list(call: Call) -> Response:
    """A page from a cursor on. A cursor that was never given leads nowhere, and is no error."""
    size, cursor = max(1, call.number("maxResults", _DEFAULT_LIST)), call.number("cursor", 0)
    # The order is not defined: the order in which users came is as good as any, and unlike that of their names.
    numbered = sorted((_number(call, name), name) for name in call.state.crowd.accounts())
    following = [(number, name) for number, name in numbered if number > cursor]
    values, more = following[:size], len(following) > size
    page: dict[str, object] = {
        "self": f"{call.base}{_LIST}?maxResults={size}&cursor={cursor}",
        "maxResults": size,
        "isLast": not more,
        "values": [user_named(call, name) for _, name in values],
    }
    if more:
        page |= {
            "nextCursor": str(values[-1][0]),
            "nextPage": f"{call.base}{_LIST}?maxResults={size}&cursor={values[-1][0]}",
        }
    return Json(page)


def _number(call: Call, name: str) -> int:
    """The number in a user's key, which never changes: a user who comes or goes meanwhile moves nobody."""
    return int(call.state.crowd.user_keys.of(name).removeprefix("JIRAUSER"))
