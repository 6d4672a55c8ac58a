"""How a person is provisioned: match, then create or update; disable; delete; and the manager afterwards."""

from collections.abc import Mapping
from dataclasses import replace

from core.sandbox.entra.attributes import MANAGER, Resource, Value, differences, user_attributes, value_at
from core.sandbox.entra.errors import UNRESOLVED_REFERENCE, ProvisioningError
from core.sandbox.entra.matching import match
from core.sandbox.entra.memory import ProvisionedUser
from core.sandbox.entra.report import Step
from core.sandbox.entra.session import Session
from core.sandbox.entra.wire import new_user, wire_for

_EMAIL = 'emails[type eq "work"].value'


class UserExport:
    """The users of one cycle."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._directory = session.directory
        self._endpoint = session.endpoint
        self._memory = session.memory
        self._tally = session.tally
        self._dialect = session.dialect
        self._known_before = frozenset(session.memory.users)

    async def push(self, person_id: str) -> None:
        """Bring a person's user to what the directory says, by the cached id or else by a match on userName."""
        if person_id not in self._directory.people:
            await self._delete(person_id)
            return
        desired = user_attributes(self._directory.person(person_id))
        known = self._memory.users.get(person_id)
        if known is not None:
            await self._update(person_id, desired, await self._endpoint.read("Users", known.id))
            return
        matched = await match(self._session, "Users", "userName", str(desired["userName"]), person_id)
        if matched is not None:
            self._tally.count_action(Step.USERS, "matched")
            await self._update(person_id, desired, matched)
        elif desired["active"]:
            await self._create(person_id, desired)
        else:
            self._tally.count_action(Step.USERS, "skipped")  # disabled before it was ever provisioned

    async def push_manager(self, person_id: str) -> None:
        """Point a user at the manager. A manager who is out of scope is passed over, a failed one waited for."""
        user = self._memory.users.get(person_id)
        if user is None or person_id not in self._directory.people:
            return
        manager_id = self._directory.person(person_id).manager_id
        if manager_id is None:
            return  # Entra sends only what has a value
        manager = self._memory.users.get(manager_id)
        if manager is None:
            if self._memory.is_due(Step.USERS, manager_id):
                raise ProvisioningError(UNRESOLVED_REFERENCE, "The manager could not be provisioned.")
            return
        if user.manager == manager.id:
            return
        if not await self._endpoint.has_manager(user.id, manager.id):
            wire = wire_for(self._dialect, person_id)
            body = wire.assign_manager(manager.id, present=user.manager is not None)
            await self._endpoint.patch("Users", user.id, body)
            self._tally.count_action(Step.MANAGERS, "assigned")
        self._memory.remember_user(person_id, replace(user, manager=manager.id))

    async def _create(self, person_id: str, desired: Mapping[str, Value]) -> None:
        created = await self._endpoint.create("Users", new_user(desired, self._known_manager(person_id)))
        self._memory.remember_user(person_id, _believed(created, desired))
        self._tally.count_action(Step.USERS, "created")

    def _known_manager(self, person_id: str) -> str | None:
        """Return the manager's id in the target, if it was there before this cycle; others follow as PATCH."""
        manager_id = self._directory.person(person_id).manager_id
        if manager_id not in self._known_before or manager_id not in self._memory.users:
            return None
        return self._memory.users[manager_id].id

    async def _update(self, person_id: str, desired: Mapping[str, Value], resource: Resource) -> None:
        changes = differences(desired, resource)
        if changes:
            body = wire_for(self._dialect, person_id).change(changes)
            await self._endpoint.patch("Users", resource["id"], body)
        toggled = next((change for change in changes if change.path == "active"), None)
        if toggled is not None:
            action = "enabled" if toggled.value else "disabled"
        else:
            action = "updated" if changes else "unchanged"
        self._memory.remember_user(person_id, _believed(resource, desired))
        self._tally.count_action(Step.USERS, action)

    async def _delete(self, person_id: str) -> None:
        user = self._memory.users.get(person_id)
        if user is None:
            return
        await self._endpoint.delete("Users", user.id)
        self._memory.forget_user(person_id)
        self._tally.count_action(Step.USERS, "deleted")


def _believed(resource: Resource, desired: Mapping[str, Value]) -> ProvisionedUser:
    """Return what the target has now: what was desired, and what Entra read of the rest."""
    email = desired.get(_EMAIL) or value_at(resource, _EMAIL)
    manager = value_at(resource, MANAGER)
    return ProvisionedUser(
        id=resource["id"],
        user_name=str(desired["userName"]),
        active=bool(desired["active"]),
        display_name=str(desired["displayName"]),
        email=None if email is None else str(email),
        manager=manager.get("value") if isinstance(manager, dict) else None,
    )
