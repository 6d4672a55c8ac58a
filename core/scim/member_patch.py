"""The PATCH that only adds and removes members by their ids: nearly all that IdPs send about groups.

It touches only the rows of these members, where the library would load, copy and validate the whole group once for
each operation, inside the one writer. Everything else about a group goes to the library.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scim2_models import InvalidValueException
from scim2_server.requests import ScimRequest
from sqlalchemy import Connection

from core.scim.members import MemberChanges
from core.scim.receiving import json_object
from core.store import member_rows
from core.store.identities import Stored

_GROUP = re.compile(r"/Groups/(?P<id>[^/]+)/?", re.IGNORECASE)
_ONE_MEMBER = re.compile(r'members\[value eq "(?P<id>[^"\\]+)"\]', re.IGNORECASE)


@dataclass(slots=True)
class MemberPatch:
    """What one request asks of a group's members; the last word about each member counts."""

    group_id: str
    wanted: dict[str, bool] = field(default_factory=dict)
    """Member's id → whether it is to be a member."""
    called: dict[str, str | None] = field(default_factory=dict)
    """What the IdP calls those to be added."""

    def changes(self, connection: Connection, provider: str, group: Stored) -> MemberChanges:
        """The rows that this changes.

        :raises InvalidValueException: when somebody to be added is not known.
        """
        known = member_rows.resolve(connection, provider, list(self.wanted))
        unknown = sorted(ident for ident, is_wanted in self.wanted.items() if is_wanted and ident not in known)
        if unknown:
            raise InvalidValueException(detail=f"members: no user or group has the id {unknown[0]!r}; use our ids")
        there = member_rows.present(connection, group.key, known.values())
        put = [ident for ident in known if self.wanted[ident] and self._is_news(ident, known[ident], there)]
        gone = [ident for ident in known if not self.wanted[ident] and known[ident] in there]
        moved = [*(ident for ident in put if known[ident] not in there), *gone]
        return MemberChanges(
            put=tuple((*known[ident], self.called.get(ident)) for ident in sorted(put)),
            gone=tuple(known[ident] for ident in sorted(gone)),
            users=frozenset(ident for ident in moved if not known[ident][0]),
        )

    def _is_news(self, ident: str, row: member_rows.Row, there: dict[member_rows.Row, str | None]) -> bool:
        return row not in there or self.called.get(ident) not in (None, there[row])


def member_patch(request: ScimRequest) -> MemberPatch | None:
    """The request as a change of members; `None` where it is anything else, or wants an answer of its own."""
    found = _GROUP.fullmatch(request.path)
    asks_more = {"attributes", "excludedattributes"} & {key.lower() for key in request.query}
    if request.method != "PATCH" or found is None or asks_more or request.header("If-Match"):
        return None
    operations = json_object(request.body).get("Operations")
    if not isinstance(operations, list) or not operations:
        return None
    patch = MemberPatch(found["id"])
    for operation in operations:
        if not _take(patch, operation):
            return None
    return patch


def _take(patch: MemberPatch, operation: Any) -> bool:
    """Take one operation into the patch; False where it is about anything but members by their ids."""
    verb, path = (operation.get("op"), operation.get("path")) if isinstance(operation, dict) else (None, None)
    if not isinstance(path, str):
        return False
    if verb == "remove" and (one := _ONE_MEMBER.fullmatch(path)) and "value" not in operation:
        patch.wanted[one["id"]] = False
        return True
    if verb != "add" or path.lower() != "members":
        return False
    elements = list(_elements(operation.get("value")))
    if not elements or None in elements:
        return False
    for ident, display in (element for element in elements if element is not None):
        patch.wanted[ident] = True
        patch.called[ident] = display
    return True


def _elements(value: Any) -> Iterator[tuple[str, str | None] | None]:
    """Id and name of each element; `None` for one that is not as it should be."""
    for element in value if isinstance(value, list) else [None]:
        ident = element.get("value") if isinstance(element, dict) else None
        display = element.get("display") if isinstance(element, dict) else None
        valid = isinstance(ident, str) and bool(ident) and isinstance(display, str | None)
        yield (ident, display) if valid and isinstance(ident, str) else None
