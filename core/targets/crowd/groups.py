"""The groups of one Crowd: listed, found, created, deleted."""

from collections.abc import AsyncIterator

from core.planning.values import TargetGroup
from core.targets import group_json
from core.targets.crowd.paging import Listings
from core.targets.crowd.session import Session
from core.targets.protocol import AlreadyExists, NotFound, Refused

_PATH = "/group"


class Groups:
    """The groups of one Crowd."""

    def __init__(self, session: Session, listings: Listings) -> None:
        self._session = session
        self._listings = listings

    async def all(self) -> AsyncIterator[TargetGroup]:
        """All groups.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        async for each in self._listings.items("/search", {"entity-type": "group"}, "groups"):
            yield group_json.group(each, "Crowd")

    async def find(self, name: str) -> TargetGroup | None:
        """One group by name; `None` when there is none."""
        try:
            return group_json.group(await self._session.read(_PATH, {"groupname": name}, subject=name), "Crowd")
        except NotFound:
            return None

    async def create(self, name: str) -> TargetGroup:
        """Create a group.

        :raises AlreadyExists: when there is one of this name.
        """
        document = {"name": name, "type": "GROUP", "description": "", "active": True}
        try:
            answer = await self._session.write("POST", _PATH, document, subject=name, needs="Add Group")
        except Refused as error:
            if error.status != 400 or await self.find(name) is None:
                raise
            raise AlreadyExists(error.message, remedy="Synchronise the target to see what is there.") from error
        return group_json.created_group(answer, name, "Crowd")

    async def delete(self, name: str) -> None:
        """Delete a group; one that is gone already succeeds."""
        try:
            await self._session.write("DELETE", _PATH, query={"groupname": name}, subject=name, needs="Remove Group")
        except NotFound:
            return
