"""The groups of a directory, which come with all of their members at once.

A group that Atlassian made is not taken over by one of the same name: creating that is answered with success, and the
group never reaches the organization. So it is refused here, before anything is sent.
"""

import asyncio
from collections.abc import AsyncIterator

from core.planning.names import group_key
from core.planning.values import TargetGroup
from core.targets.answer import Answer
from core.targets.cloud import reading, refusals, wire
from core.targets.cloud.known import Known
from core.targets.cloud.names import equals, is_kept_by_atlassian, segment
from core.targets.cloud.paging import listed
from core.targets.cloud.session import Session
from core.targets.lookups import READ_AGAIN
from core.targets.protocol import AlreadyExists, IncompleteRead, NotFound, Refused
from core.targets.timing import Timing

_GROUPS = "/Groups"


class Groups:
    """The groups of one directory."""

    def __init__(self, session: Session, timing: Timing) -> None:
        self._session = session
        self._known = Known[TargetGroup](timing)

    async def all(self) -> AsyncIterator[TargetGroup]:
        """All groups.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        async for document in listed(self._session, _GROUPS, wire.Group):
            group = reading.group(document)
            self._known.learn(group)
            yield group

    async def find(self, name: str) -> TargetGroup | None:
        """One group by name; `None` when there is none."""
        found = await self._named(name)
        return reading.group(found) if found is not None else None

    async def known_or_found(self, name: str) -> TargetGroup:
        """A group that was read a moment ago, or is read now.

        :raises NotFound: when there is none.
        """
        known = self._known.named(group_key(name)) or await self.find(name)
        if known is None:
            raise _not_there(name)
        return known

    async def member_ids(self, name: str) -> list[str]:
        """The ids of the members of a group.

        :raises NotFound: when there is no such group.
        """
        found = await self._named(name)
        if found is None:
            raise _not_there(name)
        return reading.member_ids(found)

    async def has_member(self, group: TargetGroup, user_id: str) -> bool:
        """Whether a group that is there has this member.

        :raises NotFound: when the group is gone.
        """
        document = await self._session.read(f"{_GROUPS}/{segment(str(group.id))}", subject=group.name)
        return user_id in reading.member_ids(await asyncio.to_thread(wire.read, wire.Group, document))

    async def of_user(self, user_id: str) -> frozenset[str]:
        """Keys of the groups that name this user as a member."""
        keys = set()
        async for document in listed(self._session, _GROUPS, wire.Group):
            if user_id in reading.member_ids(document):
                keys.add(reading.group(document).key)
        return frozenset(keys)

    async def create(self, name: str) -> TargetGroup:
        """Create a group.

        :raises AlreadyExists: when there is one of this name in the directory.
        :raises Refused: when the organization has one from elsewhere, or Atlassian keeps the name for itself.
        """
        if is_kept_by_atlassian(name):
            raise _kept(name)
        document = wire.creation(wire.Group(display_name=name))
        try:
            answer = await self._session.write("POST", _GROUPS, document, subject=name)
        except AlreadyExists as error:
            raise await self._taken(name, error) from error
        except Refused as error:
            raise refusals.of_group(error) from error
        return self._created(answer, name)

    async def delete(self, name: str) -> None:
        """Delete a group; one that is gone already succeeds."""
        group = await self.find(name)
        if group is None:
            return
        self._known.forget(group)
        try:
            await self._session.write("DELETE", f"{_GROUPS}/{segment(str(group.id))}", subject=name)
        except NotFound:
            await self._session.require_directory()

    async def patch(self, group: TargetGroup, document: object, subject: str) -> None:
        """Change the members of a group.

        :raises NotFound: when the group is gone, or somebody who is to be added.
        """
        try:
            await self._session.write("PATCH", f"{_GROUPS}/{segment(str(group.id))}", document, subject=subject)
        except NotFound:
            self._known.forget(group)
            raise
        except Refused as error:
            raise refusals.of_group(error) from error

    async def _named(self, name: str) -> wire.Group | None:
        document = await self._session.read_listing(_GROUPS, {"filter": equals("displayName", name)}, subject=name)
        found, total, _ = await asyncio.to_thread(wire.read_list, wire.Group, document)
        if not total and not found:
            return None
        if len(found) != 1 or group_key(str(found[0].display_name)) != group_key(name):
            raise IncompleteRead(
                f"{self._session.http.party} was asked for the group {name} and answered with others.",
                remedy=READ_AGAIN,
            )
        self._known.learn(reading.group(found[0]))
        return found[0]

    async def _taken(self, name: str, error: AlreadyExists) -> Refused:
        if await self.find(name) is not None:
            return error
        if refusals.is_about_a_limit(error):
            full = refusals.of_group(error)
            return full if isinstance(full, Refused) else error
        return Refused(
            f"{error.message} The organization has a group {name} that does not come from this directory.",
            remedy="Map to another name, or rename or delete that group in admin.atlassian.com: a group of the "
            "organization is never taken over.",
            status=error.status,
        )

    def _created(self, answer: Answer, name: str) -> TargetGroup:
        try:
            group = reading.group(wire.read(wire.Group, answer.document()))
        except IncompleteRead:  # it is created; the body is only its echo
            return TargetGroup(name, group_key(name))
        self._known.learn(group)
        return group


def _kept(name: str) -> Refused:
    return Refused(
        f"Atlassian keeps the group name {name} for a group of its own, which gives access or administers: it would "
        "answer that the group is created, and never show it to the products.",
        remedy="Map to another name, and give that group access in admin.atlassian.com.",
    )


def _not_there(name: str) -> NotFound:
    return NotFound(
        f"There is no group {name} in the directory.",
        remedy="It may have been deleted there: synchronise the target.",
        status=404,
    )
