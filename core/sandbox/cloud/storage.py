"""Where the SCIM library keeps the users and groups of a directory: in memory, with Atlassian's rules around it.

Every effective change that comes through here is recorded as an effect.
"""

from typing import Any, cast

from scim2_models import (
    InvalidValueException,
    NotFoundException,
    Resource,
    ResourceType,
    ResponseParameters,
    SearchRequest,
)
from scim2_models import UniquenessException as Taken
from scim2_models.resources.user import GroupMembership
from scim2_server.memory import InMemoryStorage
from scim2_server.storage import SearchPage

from core.sandbox.cloud import rules
from core.sandbox.cloud.changes import record_group, record_user
from core.sandbox.cloud.models import Group, User, stand_for
from core.sandbox.cloud.state import State


class Storage(InMemoryStorage):
    """Users, groups, and the users that are gone."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self.gone: dict[str, User[Any]] = {}
        """Id → user that is deleted."""
        self._groups_of: dict[str, dict[str, str]] = {}
        """Id of a user → id and name of each of the groups."""
        self._group_names: dict[str, str] = {}
        """Name in lower case → id."""
        self._id: str | None = None
        """What the next resource is called that comes back."""

    def generate_id(self, resource_type: ResourceType, resource: Resource[Any]) -> str:
        """A new id, or the one of the user that comes back."""
        return self._id or self._state.new_id()

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """One resource; a user with the groups it is in."""
        try:
            return self._shown(super().get(resource_type, resource_id, response_parameters=response_parameters))
        except NotFoundException:
            is_write = self._state.method in ("PATCH", "PUT")
            if is_write and self._state.quirks.patch_revives and resource_id in self.gone:
                return self.gone[resource_id].model_copy(deep=True)
            raise

    def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        """One page; users with the groups they are in."""
        plain = (search_request.filter, search_request.sort_by, search_request.cursor) == (None, None, None)
        if plain and len(resource_types) == 1:
            page = self._page_of_all(str(resource_types[0].name), search_request)
        else:
            page = super().search(resource_types, search_request, position=position)
        page.resources = [self._shown(each) for each in page.resources]
        return page

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Add a user or group, if Atlassian takes it."""
        if isinstance(resource, Group):
            return self._create_group(resource_type, resource)
        user = cast(User[Any], resource)
        email = rules.check_user(user, self._state.settings)
        self._id = self._coming_back(str(user.user_name))
        if len(self.users()) >= self._state.settings.max_users:
            raise rules.beyond("users", self._state.settings.max_users, self._state.quirks)
        if user.active is None:
            user.active = True
        self._identify(user, email)
        try:
            created = super().create(resource_type, user)
        finally:
            self._id = None
        self._forget_gone(str(user.user_name))
        record_user(self._state, None, cast(User[Any], created))
        return self._shown(created)

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Put a changed user or group in place of what it was, if Atlassian takes it."""
        if isinstance(resource, Group):
            return self._update_group(resource_type, resource, expected_version)
        user = cast(User[Any], resource)
        self._identify(user, rules.check_user(user, self._state.settings))
        user.groups = None
        if (revived := self.gone.pop(str(user.id), None)) is not None:
            self._store(revived, self._values_of(revived))
        before = cast(User[Any], super().get(resource_type, str(user.id)))
        updated = cast(User[Any], super().update(resource_type, user, expected_version=expected_version))
        record_user(self._state, before, updated)
        if updated.active is False and self._state.quirks.deactivated == "gone":
            self._put_away(updated)
        return self._shown(updated)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Delete a group; deactivate a user, who is gone from then on."""
        stored = super().get(resource_type, resource_id)
        if isinstance(stored, Group):
            super().delete(resource_type, resource_id, expected_version=expected_version)
            self.forget_group(stored)
            self._state.record("delete-group", str(stored.display_name))
            return
        user = cast(User[Any], stored)
        self.leave_all(str(user.id))
        inactive = user.model_copy(update={"active": False})
        record_user(self._state, user, inactive)
        self._put_away(inactive)

    def users(self) -> dict[str, User[Any]]:
        """Id → user that is not gone."""
        return cast(dict[str, User[Any]], self._resources.get("User", {}))

    def groups(self) -> dict[str, Group]:
        """Id → group."""
        return cast(dict[str, Group], self._resources.get("Group", {}))

    def put(self, resource: Resource[Any]) -> None:
        """Keep a resource as it is, without any rule."""
        if isinstance(resource, Group):
            self._index_group(resource)
        self._store(resource, self._values_of(resource))

    def drop(self, resource: Resource[Any]) -> None:
        """Take a resource out, with nothing left behind."""
        if isinstance(resource, Group):
            self.forget_group(resource)
        else:
            self.leave_all(str(resource.id))
        self._remove(("Group" if isinstance(resource, Group) else "User", str(resource.id)))

    def named_group(self, name: str) -> Group | None:
        """The group of this name."""
        ident = self._group_names.get(name.lower())
        return self.groups().get(ident) if ident else None

    def forget_group(self, group: Group) -> None:
        """Take a group that is removed out of what is known of memberships."""
        self._group_names.pop(str(group.display_name).lower(), None)
        self._state.unsynced.discard(str(group.id))
        for member in group.members or ():
            self._groups_of.get(str(member.value), {}).pop(str(group.id), None)

    def leave_all(self, user_id: str) -> None:
        """Take a user out of all groups."""
        for group_id in list(self._groups_of.get(user_id, ())):
            group = self.groups()[group_id]
            left = [member for member in group.members or () if member.value != user_id]
            self.put(group.model_copy(update={"members": left or None}))

    def _page_of_all(self, kind: str, search_request: SearchRequest[Any]) -> SearchPage:
        """What the library finds, which makes a key for every resource there is, for every page."""
        stored = self._resources.get(kind, {})
        start, count = search_request.start_index_0 or 0, search_request.count
        ids = sorted(stored)[start : None if count is None else start + count]
        return SearchPage(len(stored), [stored[ident].model_copy(deep=True) for ident in ids])

    def _create_group(self, resource_type: ResourceType, group: Group) -> Resource[Any]:
        settings, quirks, name = self._state.settings, self._state.quirks, str(group.display_name)
        if not name.strip():
            raise InvalidValueException(detail="displayName is required")
        rules.check_group_name(name, self._group_names, settings)
        if settings.max_groups is not None and len(self.groups()) >= settings.max_groups:
            raise rules.beyond("groups", settings.max_groups, quirks)
        self._check_members(group)
        created = cast(Group, super().create(resource_type, group))
        self._index_group(created)
        if rules.is_withheld(name, settings):
            self._state.unsynced.add(str(created.id))
        record_group(self._state, None, created, self._names())
        return created

    def _update_group(self, resource_type: ResourceType, group: Group, version: str | None) -> Resource[Any]:
        before = cast(Group, super().get(resource_type, str(group.id)))
        group.members = list({str(member.value): member for member in group.members or ()}.values()) or None
        self._check_members(group)
        self._index_group(group)
        updated = cast(Group, super().update(resource_type, group, expected_version=version))
        record_group(self._state, before, updated, self._names())
        return updated

    def _check_members(self, group: Group) -> None:
        rules.check_members(group, self.users().keys() | self.gone.keys(), self._state.method)
        limit = self._state.settings.max_members
        if len(group.members or ()) > limit:
            raise rules.beyond("members of a group", limit, self._state.quirks)

    def _index_group(self, group: Group) -> None:
        known = self.groups().get(str(group.id))
        if known is not None:
            for member in known.members or ():
                self._groups_of.get(str(member.value), {}).pop(str(group.id), None)
        self._group_names[str(group.display_name).lower()] = str(group.id)
        for member in group.members or ():
            self._groups_of.setdefault(str(member.value), {})[str(group.id)] = str(group.display_name)

    def _shown(self, resource: Resource[Any]) -> Resource[Any]:
        if isinstance(resource, User) and self._state.quirks.user_groups == "shown":
            groups = self._groups_of.get(str(resource.id), {})
            resource.groups = [
                GroupMembership.model_validate({"value": ident, "display": name}) for ident, name in groups.items()
            ]
        return resource

    def _identify(self, user: User[Any], email: str) -> None:
        stand_for(user, self._state.account_id(email))
        if self._state.quirks.external_id == "ignored":
            user.external_id = None

    def _coming_back(self, user_name: str) -> str | None:
        """The id that a new user of this name gets because a deleted one had it; `None`: another.

        :raises SCIMException: 409.
        """
        known = next((id for id, user in self.gone.items() if _is_named(user, user_name)), None)
        habit = self._state.quirks.deleted_comes_back
        if known is not None and habit == "conflict":
            raise Taken(detail=f"User with userName {user_name} already exists")
        return known if habit == "same-id" else None

    def _forget_gone(self, user_name: str) -> None:
        for ident in [ident for ident, user in self.gone.items() if _is_named(user, user_name)]:
            del self.gone[ident]

    def _put_away(self, user: User[Any]) -> None:
        assert user.meta is not None
        self._remove((user.meta.resource_type, str(user.id)))
        self.gone[str(user.id)] = user

    def _names(self) -> dict[str, str]:
        return {ident: str(user.user_name) for ident, user in (self.users() | self.gone).items()}


def _is_named(user: User[Any], user_name: str) -> bool:
    return str(user.user_name).lower() == user_name.lower()
