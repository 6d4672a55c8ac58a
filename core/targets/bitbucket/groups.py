"""The groups of a Bitbucket: its own, and those that are manciple's."""

from collections.abc import AsyncIterator

from core.planning.names import group_key
from core.planning.values import TargetGroup
from core.targets.bitbucket import reading
from core.targets.bitbucket.marks import DEACTIVATED, is_mark
from core.targets.bitbucket.paging import by, listed
from core.targets.bitbucket.session import Session
from core.targets.protocol import NotFound

PATH = "/admin/groups"


async def all_groups(session: Session, part: str = "") -> AsyncIterator[TargetGroup]:
    """All groups that are not manciple's own, or those of them that have this in their name.

    :raises IncompleteRead: when the listing broke off or does not add up.
    """
    async for group in _listed(session, part):
        if not is_mark(group):
            yield group


async def own_groups(session: Session) -> AsyncIterator[TargetGroup]:
    """The groups that are manciple's own.

    :raises IncompleteRead: when the listing broke off or does not add up.
    """
    async for group in _listed(session, DEACTIVATED):
        if is_mark(group):
            yield group


async def delete_group(session: Session, name: str) -> None:
    """Delete a group; one that is gone already succeeds."""
    try:
        await session.write("DELETE", PATH, query={"name": name}, subject=name)
    except NotFound:
        return


async def find_group(session: Session, name: str) -> TargetGroup | None:
    """One group by name; `None` when there is none."""
    async for group in all_groups(session, name):
        if group.key == group_key(name):
            return group
    return None


async def _listed(session: Session, part: str) -> AsyncIterator[TargetGroup]:
    query = {"filter": part} if part else {}
    async for item in listed(session, PATH, query, identity=by("name"), subject=part):
        yield reading.group(item)
