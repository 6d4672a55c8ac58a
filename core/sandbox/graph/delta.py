"""Delta queries of users and groups: seed, steady and expired.

Sources: Microsoft Graph, "Use delta query to track changes", user: delta, group: delta.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from core.sandbox.graph.call import Call, Reply
from core.sandbox.graph.delta_page import fill_page
from core.sandbox.graph.delta_round import RELATIONS, DeltaQuery, DeltaToken, Round, begin_round, feed_of, shuffle
from core.sandbox.graph.errors import Refusal, bad_request, unsupported_query
from core.sandbox.graph.objects import User
from core.sandbox.graph.options import LARGEST_PAGE
from core.sandbox.graph.properties import Selection, default_properties

_LATEST = "latest"
_DAY_SECONDS = 86_400
_MOST_FILTERED = 50
_REFUSED = ("$expand", "$top", "$orderby", "$search", "$count", "$skip")
_ID = re.compile(r"\s*id\s+eq\s+'?([0-9A-Za-z-]+)'?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageToken:
    """What a nextLink of delta stands for."""

    round: Round
    index: int
    """How many objects were told."""
    offset: int
    """How many members of the next one were told already."""
    number: int
    """How many pages were."""


def delta(call: Call, kind: type[Any]) -> Reply:
    """One page of a delta query.

    :raises Refusal: 400 for options that delta has not; 410 or 400 for a token that is over.
    """
    state = call.state
    if "$skiptoken" in call.query:
        page = state.delta_pages.find(call.query["$skiptoken"], state.quirks.page_token_seconds)
        if page is None or page.round.query.kind is not kind:
            raise _over(call, kind, state.delta_pages.remains_of(call.query["$skiptoken"]))
        return _page(call, page)
    text = call.query.get("$deltatoken", "")
    if text and text != _LATEST:
        token = state.delta_tokens.find(text, state.quirks.token_days * _DAY_SECONDS)
        if token is None or token.query.kind is not kind:
            raise _over(call, kind, state.delta_tokens.remains_of(text))
        return _begin(call, token.query, token)
    query = _query(call, kind)
    if text == _LATEST:
        return _end(call, query, [], DeltaToken(query, len(feed_of(state.tenant, kind))))
    return _begin(call, query, None)


def selects(call: Call) -> bool:
    """Whether the query that a token stands for selects properties; the token tells, not the link."""
    page = call.state.delta_pages.remains_of(call.query.get("$skiptoken", ""))
    token = call.state.delta_tokens.remains_of(call.query.get("$deltatoken", ""))
    query = page.round.query if page else token and token.query
    return bool(query and query.select)


def _begin(call: Call, query: DeltaQuery, token: DeltaToken | None) -> Reply:
    quirks = call.state.quirks
    begun = begin_round(call.state.tenant, query, token, tells_deleted=quirks.seed_tells_deleted)
    if quirks.shuffles:
        shuffle(begun, call.state.rng)
    return _page(call, PageToken(begun, 0, 0, 0))


def _page(call: Call, page: PageToken) -> Reply:
    quirks, query = call.state.quirks, page.round.query
    rhythm = quirks.empty_page_every
    index, offset, shown = page.index, page.offset, []
    if not rhythm or page.number % (rhythm + 1) != rhythm:
        minimal = call.prefers("return") == "minimal"
        filled = fill_page(call.state, page.round, index, offset, size=_page_size(call), minimal=minimal)
        index, offset, shown = filled.index, filled.offset, filled.shown
    # Where empty pages are the habit, the last page is one.
    if index == len(page.round.changes) and not (rhythm and shown):
        return _end(call, query, shown, page.round.ends_with)
    token = call.state.delta_pages.keep(PageToken(page.round, index, offset, page.number + 1))
    return _reply(call, query, shown, {"@odata.nextLink": f"{_address(call, query.kind)}?$skiptoken={token}"})


def _end(call: Call, query: DeltaQuery, shown: list[dict[str, Any]], ends_with: DeltaToken) -> Reply:
    token = call.state.delta_tokens.keep(ends_with)
    return _reply(call, query, shown, {"@odata.deltaLink": f"{_address(call, query.kind)}?$deltatoken={token}"})


def _reply(call: Call, query: DeltaQuery, shown: list[dict[str, Any]], link: dict[str, str]) -> Reply:
    context = f"{call.base}/$metadata#{_name(query.kind)}"
    context += f"({query.select})" if query.select else ""
    applied = {"Preference-Applied": "return=minimal"} if call.prefers("return") == "minimal" else {}
    return Reply({"@odata.context": context, **link, "value": shown}, headers=applied)


def _query(call: Call, kind: type[Any]) -> DeltaQuery:
    refused = [name for name in _REFUSED if name in call.query]
    if refused:
        raise bad_request(f"The query parameter '{refused[0]}' is not supported for delta queries.")
    select = call.query.get("$select", "").strip()
    names = [name.strip() for name in select.split(",") if name.strip()]
    relation = RELATIONS[kind]
    properties = [name for name in names if name.lower() != relation] if names else default_properties(kind)
    # Without $select groups are told with their members, and users without their managers.
    related = relation in [name.lower() for name in names] if names else kind is not User
    narrowed = call.query.get("$filter", "").strip()
    return DeltaQuery(kind, select, Selection(kind, ["id", *properties]), related, narrowed, _filtered(narrowed))


def _filtered(text: str) -> frozenset[str] | None:
    if not text:
        return None
    ids = [_ID.match(part) for part in re.split(r"\s+or\s+", text, flags=re.IGNORECASE)]
    if not all(ids):
        raise unsupported_query("Only filters on the id of objects are supported for delta queries.")
    if len(ids) > _MOST_FILTERED:
        raise unsupported_query(f"A delta query can filter at most {_MOST_FILTERED} objects.")
    return frozenset(match[1] for match in ids if match)


def _page_size(call: Call) -> int:
    wished = call.prefers("odata.maxpagesize") or ""
    return min(int(wished), LARGEST_PAGE) if wished.isdigit() and int(wished) else call.state.quirks.delta_page_size


def _over(call: Call, kind: type[Any], remains: "PageToken | DeltaToken | None") -> Refusal:
    """What a token answers that is over: where to begin anew, or only that it must be done."""
    message = "The sync state generation is not found. Start a full synchronization."
    if call.state.quirks.expired_token == "400":
        return Refusal(400, "syncStateNotFound", message)
    query = remains.round.query if isinstance(remains, PageToken) else remains and remains.query
    options = {"$select": query.select, "$filter": query.filter} if query else {}
    asked = "".join(f"{name}={quote(value, safe=',')}&" for name, value in options.items() if value)
    location = f"{_address(call, kind)}?{asked}$deltatoken="
    return Refusal(410, "syncStateNotFound", message, {"Location": location})


def _address(call: Call, kind: type[Any]) -> str:
    return f"{call.base}/{_name(kind)}/delta"


def _name(kind: type[Any]) -> str:
    return "users" if kind is User else "groups"
