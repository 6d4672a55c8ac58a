"""The query options of a directory collection: read, checked against each other, and applied.

Sources: Microsoft Graph, "Use query parameters" and "Advanced query capabilities on Microsoft Entra ID objects".
"""

import re
from collections.abc import Iterable
from typing import Any

from core.sandbox.graph.call import Call
from core.sandbox.graph.errors import Refusal, bad_request, unsupported_query
from core.sandbox.graph.filtering import Dialect, Filter, compile_filter
from core.sandbox.graph.properties import MAILBOX_PROPERTIES, Selection, default_properties, reader_of

DEFAULT_PAGE = 100
LARGEST_PAGE = 999
_HINT = "Try adding $count=true query parameter and ConsistencyLevel:eventual header."
_EXPAND = re.compile(r"(\w+)(?:\(\$select=([\w,]+)\))?$")


def selection_of(call: Call, kind: type[Any], *, collection: bool = True) -> Selection:
    """What `$select` asks for, or what such objects show without it.

    :raises Refusal: 400 for an unknown property, 501 for one outside the directory.
    """
    named = [name.strip() for name in call.query.get("$select", "").split(",") if name.strip()]
    if collection and not MAILBOX_PROPERTIES.isdisjoint(named):
        raise Refusal(501, "NotImplemented", "This operation target is not yet supported.")
    return Selection(kind, named or default_properties(kind))


def page_size(call: Call, default: int = DEFAULT_PAGE) -> int:
    """How many objects a page has; with `$expand` never more than 100.

    :raises Refusal: 400 outside of 1 to 999.
    """
    text = call.query.get("$top", str(default))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LARGEST_PAGE:
        raise unsupported_query(f"Invalid page size specified: '{text}'. Must be between 1 and 999 inclusive.")
    return min(int(text), DEFAULT_PAGE) if "$expand" in call.query else int(text)


def wants_count(call: Call) -> bool:
    """Whether `$count=true` stands in the query."""
    return call.query.get("$count", "").lower() == "true"


def check_options(call: Call, filtered: Filter | None, *, cast: bool = False) -> None:
    """Refuse what needs an advanced query and is none.

    :raises Refusal: 400.
    """
    if "$skip" in call.query:
        raise bad_request("'$skip' is not supported by the service.")
    if "$search" in call.query:
        raise unsupported_query("This simulated service has no $search.")
    if call.eventual and wants_count(call):
        return
    # Without the header `$count=true` is passed over in silence.
    if filtered and "$orderby" in call.query:
        raise unsupported_query("Sorting not supported for current query.")
    if cast or (filtered and filtered.advanced):
        what = "OData cast" if cast else "filter clause"
        raise unsupported_query(
            f"The {what} is not supported because the required parameters might be missing. {_HINT}"
        )


def filter_of(call: Call, kind: type[Any]) -> Filter | None:
    """What `$filter` asks for.

    :raises Refusal: 400 for what the directory does not take.
    """
    text = call.query.get("$filter", "").strip()
    return compile_filter(text, Dialect(lambda name: reader_of(kind, name))) if text else None


def chosen(call: Call, kind: type[Any], items: Iterable[Any], *, cast: bool = False) -> list[Any]:
    """The objects that the query asks for, in its order.

    :raises Refusal: 400.
    """
    filtered = filter_of(call, kind)
    check_options(call, filtered, cast=cast)
    found = [item for item in items if filtered.matches(item)] if filtered else list(items)
    order = call.query.get("$orderby", "").split()
    if order:
        read = reader_of(kind, order[0])
        found.sort(key=lambda item: str(read(item) or "").casefold(), reverse=order[-1].lower() == "desc")
    return found


def expansion_of(call: Call, allowed: frozenset[str]) -> tuple[str, tuple[str, ...]] | None:
    """The relation that `$expand` names, and the properties that it selects of it.

    :raises Refusal: 400 for several, for an unknown one, and within an advanced query.
    """
    text = call.query.get("$expand", "").strip()
    if not text:
        return None
    match = _EXPAND.match(text)
    if match is None or match[1] not in allowed:
        raise bad_request(f"Parsing OData Select and Expand failed: Could not expand '{text}'.")
    if call.eventual and wants_count(call):
        raise unsupported_query("Expand is not supported for advanced queries.")
    return match[1], tuple(match[2].split(",")) if match[2] else ()
