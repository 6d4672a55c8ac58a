"""The only ways in which the simulated tenant's directory changes.

Each edit costs the same in a tenant of ten users and of a hundred thousand, and leaves an entry in the log that delta
queries read. Edits are the doing of administrators: nothing here asks for permissions or limits rates. An id that is
not in the directory raises KeyError, a name that is taken ValueError.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core.sandbox.graph.contents import Contents
from core.sandbox.graph.editing import edited
from core.sandbox.graph.feed import Edit
from core.sandbox.graph.objects import (
    DEFAULT_ACCESS,
    Assignment,
    Group,
    OtherObject,
    ServicePrincipal,
    User,
    new_id,
)


class Tenant(Contents):
    """The directory as administrators and Entra itself edit it."""

    # Users

    def create_user(self, user: User) -> User:
        """Add a user."""
        self._take_name(user)
        created = replace(user, created_date_time=user.created_date_time or self.now())
        self.users[user.id] = created
        if user.manager_id is not None:
            self.reports.setdefault(user.manager_id, {})[user.id] = None
        self.user_feed.append(Edit(user.id, whole=True))
        self.replica.hide(user.id, self.quirks.lag_reads)
        return created

    def new_user(self, user_principal_name: str, display_name: str, **values: Any) -> User:
        """Add a user under a new object id; `values` are further fields of `User`."""
        nickname = user_principal_name.partition("@")[0]
        return self.create_user(User(new_id(), user_principal_name, display_name, nickname, **values))

    def invite_guest(self, mail: str, display_name: str, **values: Any) -> User:
        """Invite somebody from another company (B2B)."""
        nickname = f"{mail.replace('@', '_')}#EXT#"
        guest = {"user_type": "Guest", "external_user_state": "PendingAcceptance", "mail": mail}
        return self.new_user(f"{nickname}@{self.domain}", display_name, **(guest | values))

    def update_user(self, user_id: str, **values: Any) -> User:
        """Change fields of a user: rename, move, disable (`account_enabled=False`), give licences, what you like."""
        before = self.users[user_id]
        if "user_principal_name" in values:
            self._take_name(replace(before, user_principal_name=values["user_principal_name"]))
            self._free_name(before, values["user_principal_name"])
        after, changed = edited(before, values)
        self.users[user_id] = after
        if changed:
            self.user_feed.append(Edit(user_id, changed))
        return after

    def disable_user(self, user_id: str) -> User:
        """Block sign-in. Memberships stay."""
        return self.update_user(user_id, account_enabled=False)

    def enable_user(self, user_id: str) -> User:
        """Allow sign-in again."""
        return self.update_user(user_id, account_enabled=True)

    def assign_manager(self, user_id: str, manager_id: str | None) -> None:
        """Give a user a manager, another one, or none."""
        user = self.users[user_id]
        if user.manager_id == manager_id:
            return
        if user.manager_id is not None:
            self.reports[user.manager_id].pop(user_id, None)
            self.user_feed.append(Edit(user_id, related=user.manager_id, joined=False))
        if manager_id is not None:
            self.reports.setdefault(self.users[manager_id].id, {})[user_id] = None
            self.user_feed.append(Edit(user_id, related=manager_id))
        self.users[user_id] = replace(user, manager_id=manager_id)

    def delete_user(self, user_id: str) -> None:
        """Move a user to the recycle bin, under a name that leaves the old one free. Memberships wait there."""
        user = self.users[user_id]
        if user_id in self.deleted:
            raise KeyError(user_id)
        self._free_name(user)
        binned = f"{user_id.replace('-', '')}{user.user_principal_name}"
        self.users[user_id] = replace(user, deleted_date_time=self.now(), user_principal_name=binned)
        self.deleted[user_id] = None
        self.user_feed.append(Edit(user_id, left=True))
        if self.quirks.deletion_leaves_groups:
            self._tell_groups(user_id, self.memberships.groups_of(user_id), joined=False)

    def restore_user(self, user_id: str) -> User:
        """Take a user out of the recycle bin, with name and memberships."""
        user = self.users[user_id]
        name = user.user_principal_name.removeprefix(user_id.replace("-", ""))
        restored = replace(user, deleted_date_time=None, user_principal_name=name)
        self._take_name(restored)
        del self.deleted[user_id]
        self.users[user_id] = restored
        self.user_feed.append(Edit(user_id, whole=True))
        if self.quirks.restoring_joins_groups:
            self._tell_groups(user_id, self.memberships.groups_of(user_id), joined=True)
        return restored

    def purge_user(self, user_id: str) -> None:
        """Delete a user for good, with memberships and assignments; reports are left without a manager."""
        user = self.users.pop(user_id)
        live = user_id not in self.deleted
        if live:
            self._free_name(user)
        self.deleted.pop(user_id, None)
        for report in tuple(self.reports.pop(user_id, ())):
            self.users[report] = replace(self.users[report], manager_id=None)
        if user.manager_id is not None:
            self.reports.get(user.manager_id, {}).pop(user_id, None)
        self.user_feed.append(Edit(user_id, left=True))
        groups = self.memberships.drop_member(user_id)
        if live and self.quirks.deletion_leaves_groups:
            self._tell_groups(user_id, groups, joined=False)
        self.applications.drop_principal(user_id)

    # Groups

    def create_group(self, group: Group, members: Iterable[str] = ()) -> Group:
        """Add a group with its first members."""
        created = replace(group, created_date_time=group.created_date_time or self.now())
        self.groups[group.id] = created
        self.memberships.add_group(group.id)
        for member in members:
            self.memberships.join(group.id, self._known(member))
        self.group_feed.append(Edit(group.id, whole=True))
        self.replica.hide(group.id, self.quirks.lag_reads)
        return created

    def new_group(self, display_name: str, members: Iterable[str] = (), **values: Any) -> Group:
        """Add a group under a new object id; `values` are further fields of `Group`."""
        return self.create_group(Group(new_id(), display_name, **values), members)

    def update_group(self, group_id: str, **values: Any) -> Group:
        """Change fields of a group."""
        after, changed = edited(self.groups[group_id], values)
        self.groups[group_id] = after
        if changed:
            self.group_feed.append(Edit(group_id, changed))
        return after

    def delete_group(self, group_id: str) -> None:
        """Delete a group: a Microsoft 365 group goes to the recycle bin, a security group is gone."""
        group = self.groups[group_id]
        if "Unified" not in group.group_types and not self.quirks.security_groups_restorable:
            self.purge_group(group_id)
            return
        self.groups[group_id] = replace(group, deleted_date_time=self.now())
        self.deleted[group_id] = None
        self.group_feed.append(Edit(group_id, left=True))

    def restore_group(self, group_id: str) -> Group:
        """Take a group out of the recycle bin, with its members."""
        del self.deleted[group_id]
        self.groups[group_id] = replace(self.groups[group_id], deleted_date_time=None)
        self.group_feed.append(Edit(group_id, whole=True))
        return self.groups[group_id]

    def purge_group(self, group_id: str) -> None:
        """Delete a group for good."""
        del self.groups[group_id]
        self.deleted.pop(group_id, None)
        outer = tuple(self.memberships.groups_of(group_id))
        self.memberships.drop_group(group_id)
        self.applications.drop_principal(group_id)
        self.group_feed.append(Edit(group_id, left=True))
        self._tell_groups(group_id, outer, joined=False)

    def add_member(self, group_id: str, member_id: str) -> None:
        """Put a user, another group, an application or a device into a group."""
        if self.memberships.join(group_id, self._known(member_id)):
            self.group_feed.append(Edit(group_id, related=member_id))

    def remove_member(self, group_id: str, member_id: str) -> None:
        """Take something out of a group."""
        if self.memberships.leave(group_id, member_id):
            self.group_feed.append(Edit(group_id, related=member_id, joined=False))

    def add_other(self, other: OtherObject) -> None:
        """Add a device or contact, so that a group can hold it."""
        self.others[other.id] = other

    # Applications

    def add_application(self, application: ServicePrincipal) -> ServicePrincipal:
        """Add an enterprise application."""
        self.applications.add(application)
        return application

    def assign(self, application_id: str, principal_id: str, role: str = DEFAULT_ACCESS) -> Assignment:
        """Assign a user, group or application to an enterprise application."""
        principal = self.object(principal_id)
        if principal is None:
            raise KeyError(principal_id)
        assignment = self.applications.assign(application_id, principal, role, self.now())
        self.replica.hide(assignment.id, self.quirks.lag_reads)
        return assignment

    def unassign(self, application_id: str, assignment_id: str) -> None:
        """End an assignment."""
        self.applications.unassign(application_id, assignment_id)

    def _known(self, object_id: str) -> str:
        if object_id not in self.deleted and self.object(object_id) is None:
            raise KeyError(object_id)
        return object_id

    def _take_name(self, user: User) -> None:
        holder = self.names.setdefault(user.user_principal_name.casefold(), user.id)
        if holder != user.id:
            raise ValueError(f"there is a user {user.user_principal_name} already")

    def _free_name(self, user: User, unless: str = "") -> None:
        if user.user_principal_name.casefold() != unless.casefold():
            del self.names[user.user_principal_name.casefold()]

    def _tell_groups(self, member_id: str, group_ids: Iterable[str], *, joined: bool) -> None:
        for group_id in group_ids:
            self.group_feed.append(Edit(group_id, related=member_id, joined=joined))
