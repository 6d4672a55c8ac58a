"""The provisioning log: what Entra's own provisioning did, row by row.

Source: Microsoft Graph REST API v1.0 reference, provisioningObjectSummary. Filters compare with regard to case.
"""

from collections.abc import Callable, Iterable
from typing import Any

from core.sandbox.graph.call import Call, Reply
from core.sandbox.graph.endpoint import REPORTS, Endpoint
from core.sandbox.graph.errors import no_segment, unsupported_query
from core.sandbox.graph.filtering import Dialect, compile_filter
from core.sandbox.graph.paging import first_page, next_page

_FUNCTIONS = frozenset({"contains", "startswith"})


def endpoints() -> Iterable[Endpoint]:
    """The endpoint of the log."""
    return [Endpoint("GET", "auditLogs/provisioning", _provisioning, REPORTS, report=True)]


def _provisioning(call: Call) -> Reply:
    if call.state.settings.cloud == "china":
        raise no_segment("provisioning")
    if "$skiptoken" in call.query:
        return next_page(call)
    rows = list(reversed(call.state.provisioning))
    text = call.query.get("$filter", "").strip()
    if text:
        filtered = compile_filter(text, Dialect(_reader, _FUNCTIONS, folds=False))
        rows = [row for row in rows if filtered.matches(row)]
    order = call.query.get("$orderby", "activityDateTime desc").split()
    if order[0] != "activityDateTime":
        raise unsupported_query(f"Sorting by {order[0]} is not supported.")
    rows.sort(key=lambda row: str(row["activityDateTime"]), reverse=order[-1].lower() == "desc")
    return first_page(call, rows, lambda row: row, "auditLogs/provisioning")


def _reader(name: str) -> Callable[[Any], Any]:
    path = name.split("/")

    def read(row: Any) -> Any:
        for part in path:
            row = row.get(part) if isinstance(row, dict) else None
        return row

    return read
