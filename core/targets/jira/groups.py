"""The groups of a Jira. It has no paged listing of them, only the picker, which tells how many there are."""

from collections.abc import Sequence
from typing import Any

from core.planning.names import group_key
from core.planning.values import TargetGroup
from core.targets.http import Query
from core.targets.jira import reading
from core.targets.jira.session import Session
from core.targets.protocol import IncompleteRead, NotFound

MANY = 10_000
"""Groups asked for at once; Jira gives 20 unless told."""
_PICKER = "/groups/picker"


async def all_groups(session: Session) -> Sequence[TargetGroup]:
    """All groups.

    :raises IncompleteRead: when Jira does not give as many as it says there are, or none at all: the account behind
        the credential is an administrator by one of them.
    """
    found, total = await _picked(session, "", MANY)
    if len(found) < total:
        found, total = await _picked(session, "", total)
    if total == 0:
        raise IncompleteRead(
            "Jira shows no group at all to the account behind the credential.",
            remedy="Give it the global permission Browse Users.",
        )
    keys = {group.key for group in found}
    if len(found) != total or len(keys) != total:
        raise IncompleteRead(
            f"Jira has {total} groups and lists {len(keys)}.",
            remedy="Read it again; where it stays so, raise jira.ajax.autocomplete.limit in Jira's advanced settings.",
        )
    return found


async def find_group(session: Session, name: str) -> TargetGroup | None:
    """One group by name, as Jira writes it; `None` when there is none."""
    found, _ = await _picked(session, name, MANY)
    if (group := next((each for each in found if each.key == group_key(name)), None)) is not None:
        return group
    # The picker matches as it likes; only Jira's word about the group itself says that it is not there.
    query: Query = {"groupname": name, "includeInactiveUsers": "true", "startAt": 0, "maxResults": 1}
    try:
        await session.read("/group/member", query, subject=name)
    except NotFound:
        return None
    return TargetGroup(name, group_key(name))


async def _picked(session: Session, query: str, most: int) -> tuple[Sequence[TargetGroup], int]:
    document = await session.read(_PICKER, {"query": query, "maxResults": most}, subject=query)
    listed: Any = document.get("groups") if isinstance(document, dict) else None
    total = document.get("total") if isinstance(document, dict) else None
    if not isinstance(listed, list) or not isinstance(total, int) or isinstance(total, bool):
        raise IncompleteRead("Jira answered with something that is no list of groups.")
    return [reading.group(each) for each in listed], total
