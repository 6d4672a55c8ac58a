"""What one application sees and may do: its directories in their order, as one.

Where several hold a username the first wins. Names go out as the application knows them: by alias, in lower case.
"""

from collections.abc import Iterable, Iterator

from core.sandbox.crowd.answers import Refusal
from core.sandbox.crowd.applications import Application, Permission
from core.sandbox.crowd.directories import CrowdDirectory, User
from core.sandbox.crowd.state import State
from core.sandbox.embedded_crowd import name_key


class Seen:
    """The users and groups of one application."""

    def __init__(self, state: State, application: Application) -> None:
        self._mapped = state.behind(application)
        self._application = application
        self._by_alias = {name_key(alias): key for key, alias in application.aliases.items()}

    @property
    def directories(self) -> list[CrowdDirectory]:
        """In their order."""
        return [directory for directory, _ in self._mapped]

    def home(self, name: str) -> tuple[CrowdDirectory, User] | None:
        """The user whom this application calls so, and the directory that it is in."""
        aliased = self.with_key(self._by_alias.get(name_key(name), ""))
        real = aliased.username if aliased else name
        return next(((each, user) for each in self.directories if (user := each.user(real)) is not None), None)

    def with_key(self, key: str) -> User | None:
        """The user of that key, if no other of the same name comes before."""
        found = (user for directory in self.directories if (user := directory.with_key(key)) is not None)
        return next((user for user in found if self._first(user.username) == user), None)

    def users(self) -> list[User]:
        """All users in the order of their names."""
        found: dict[str, User] = {}
        for directory in self.directories:
            for key in directory.accounts:
                if key not in found and (user := directory.user(key)) is not None:
                    found[key] = user
        return [found[key] for key in sorted(found)]

    def group(self, name: str) -> str | None:
        """The group of that name, as it is written in the first directory that has it."""
        key = name_key(name)
        return next((each.groups[key] for each in self.directories if key in each.groups), None)

    def description(self, name: str) -> str:
        """What the first directory that describes the group says of it."""
        return next((text for each in self.directories if (text := each.descriptions.get(name_key(name)))), "")

    def groups(self) -> list[str]:
        """All groups, by key, in order."""
        return sorted({key for directory in self.directories for key in directory.groups})

    def members(self, group: str) -> list[User]:
        """The direct members of a group in the order of their names."""
        found = {user.username: user for directory in self.directories for user in self._members_in(directory, group)}
        return sorted(found.values(), key=lambda user: name_key(user.username))

    def groups_of(self, user: User) -> set[str]:
        """Keys of the groups that a user is a direct member of."""
        name = name_key(user.username)
        return {group for directory in self.counting(user) for group in directory.groups_of.get(name, ())}

    def children(self, group: str) -> set[str]:
        """Keys of the groups directly inside a group."""
        return {inner for directory in self.directories for inner in directory.nested.get(name_key(group), ())}

    def parents(self, group: str) -> set[str]:
        """Keys of the groups that a group is directly inside of."""
        return {outer for outer in self.groups() if name_key(group) in self.children(outer)}

    def counting(self, user: User) -> list[CrowdDirectory]:
        """The directories whose memberships of that user count."""
        holders = [each for each in self.directories if each.user(user.username) is not None]
        return holders if self._application.aggregate_memberships else holders[:1]

    def shown_user(self, user: User) -> str:
        """A username as this application knows it."""
        return self._cased(self._application.aliases.get(user.user_key, user.username))

    def shown_group(self, name: str) -> str:
        """A group's name as this application knows it."""
        return self._cased(self.group(name) or name)

    def may(self, directory: CrowdDirectory, permission: Permission) -> bool:
        """Whether both the directory and its mapping to this application allow it."""
        mapped = next((mapping for each, mapping in self._mapped if each is directory), None)
        return mapped is not None and permission in directory.permissions and permission in mapped.permissions

    def allowing(self, permission: Permission) -> Iterator[CrowdDirectory]:
        """The directories where this application may do that."""
        return (directory for directory in self.directories if self.may(directory, permission))

    def require(self, permission: Permission, directories: Iterable[CrowdDirectory] | None = None) -> None:
        """Make sure that this application may do that in one of these directories (in one of all, if not told).

        :raises Refusal: 403.
        """
        candidates = self.directories if directories is None else directories
        if not any(self.may(directory, permission) for directory in candidates):
            name = self._application.name
            raise Refusal(
                403, "APPLICATION_PERMISSION_DENIED", f"Application '{name}' does not have the permission {permission}"
            )

    def _members_in(self, directory: CrowdDirectory, group: str) -> Iterator[User]:
        for member in directory.members.get(name_key(group), ()):
            user = self._first(member)
            if user is not None and directory in self.counting(user):
                yield user

    def _first(self, name: str) -> User | None:
        """The user of that name who counts."""
        return next((user for each in self.directories if (user := each.user(name)) is not None), None)

    def _cased(self, name: str) -> str:
        return name.lower() if self._application.lower_case_output else name
