"""How a group is provisioned: match, then create or rename; delete; and the members afterwards.

Members are only ever written, as the difference to what was written before. What somebody else does to them in the
target is never noticed.
"""

from collections.abc import Mapping, Sequence

from core.sandbox.entra.attributes import Resource, Value, differences, group_attributes
from core.sandbox.entra.errors import UNRESOLVED_REFERENCE, ProvisioningError
from core.sandbox.entra.matching import match
from core.sandbox.entra.memory import GroupRecord
from core.sandbox.entra.report import Step
from core.sandbox.entra.session import Session
from core.sandbox.entra.wire import new_group, wire_for


class GroupExport:
    """The groups and memberships of one cycle."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._directory = session.directory
        self._endpoint = session.endpoint
        self._memory = session.memory
        self._tally = session.tally
        self._dialect = session.dialect
        self._members_per_patch = session.members_per_patch

    async def push(self, group_id: str) -> None:
        """Bring a group's name to what the directory says, by the cached id or else by a match on displayName."""
        if group_id not in self._directory.groups:
            await self._delete(group_id)
            return
        desired = group_attributes(self._directory.group(group_id))
        known = self._memory.groups.get(group_id)
        if known is not None:
            await self._update(group_id, desired, await self._endpoint.read("Groups", known.id))
            return
        matched = await match(self._session, "Groups", "displayName", str(desired["displayName"]), group_id)
        if matched is not None:
            self._tally.count_action(Step.GROUPS, "matched")
            await self._update(group_id, desired, matched)
            return
        body = new_group(desired, wire_for(self._dialect, group_id))
        created = await self._endpoint.create("Groups", body)
        self._memory.remember_group(group_id, created["id"], str(desired["displayName"]))
        self._tally.count_action(Step.GROUPS, "created")

    async def push_members(self, group_id: str) -> None:
        """Send who left and who joined since the last time, in batches; wait for members who failed as users."""
        record = self._memory.groups.get(group_id)
        if record is None or group_id not in self._directory.groups:
            return
        members = self._directory.members(group_id)
        record.passed_over.intersection_update(members)
        await self._remove(group_id, record, [one for one in record.members if one not in members])
        joined = [one for one in members if one not in record.members and one not in record.passed_over]
        await self._add(group_id, record, [one for one in joined if one in self._memory.users])
        missing = [one for one in joined if one not in self._memory.users]
        waiting = [one for one in missing if self._memory.is_due(Step.USERS, one)]
        record.passed_over.update(set(missing).difference(waiting))
        if waiting:
            detail = f"{len(waiting)} of the members could not be provisioned."
            raise ProvisioningError(UNRESOLVED_REFERENCE, detail)

    async def _add(self, group_id: str, record: GroupRecord, people: Sequence[str]) -> None:
        wire = wire_for(self._dialect, group_id)
        for batch in self._batches(people):
            ids = [self._memory.users[person_id].id for person_id in batch]
            await self._endpoint.patch("Groups", record.id, wire.add_members(ids))
            record.members.update(dict.fromkeys(batch))
            self._tally.count_action(Step.MEMBERSHIPS, "added", len(batch))

    async def _remove(self, group_id: str, record: GroupRecord, people: Sequence[str]) -> None:
        wire = wire_for(self._dialect, group_id)
        for batch in self._batches(people):
            ids = [self._memory.users[person_id].id for person_id in batch]
            await self._endpoint.patch("Groups", record.id, wire.remove_members(ids))
            for person_id in batch:
                del record.members[person_id]
            self._tally.count_action(Step.MEMBERSHIPS, "removed", len(batch))

    def _batches(self, people: Sequence[str]) -> list[Sequence[str]]:
        size = self._members_per_patch
        return [people[start : start + size] for start in range(0, len(people), size)]

    async def _update(self, group_id: str, desired: Mapping[str, Value], resource: Resource) -> None:
        changes = differences(desired, resource)
        if changes:
            body = wire_for(self._dialect, group_id).change(changes)
            await self._endpoint.patch("Groups", resource["id"], body)
        self._memory.remember_group(group_id, resource["id"], str(desired["displayName"]))
        self._tally.count_action(Step.GROUPS, "updated" if changes else "unchanged")

    async def _delete(self, group_id: str) -> None:
        record = self._memory.groups.get(group_id)
        if record is None:
            return
        await self._endpoint.delete("Groups", record.id)
        self._memory.forget_group(group_id)
        self._tally.count_action(Step.GROUPS, "deleted")
