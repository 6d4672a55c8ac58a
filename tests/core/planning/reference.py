"""A second planner, small, slow and obviously right, that the real one is held against.

It follows the documentation of `core.planning.values` and `core.planning.rules`, one question about one user, group or
membership at a time. It has no tables: it searches each part of the world from its beginning whenever it wants
something. It says what changes and which conflicts there are, not why and in which order. What a name maps to, whether
a product takes it and whether a glob matches are the product's own functions, which have specifications of their own.
"""

from dataclasses import dataclass

from core.planning.changes import Change, ChangeKind
from core.planning.globs import matching_glob
from core.planning.mapping import MappedUser, map_user
from core.planning.names import account_key, check_display_name, check_group_name, check_username, group_key, normalised
from core.planning.rules import TargetRules
from core.planning.values import Account, Link, ManagedMembership, SourceGroup, SourceUser, World

State = frozenset[tuple[str, str | bool | None]]
_NOTHING: State = frozenset()


@dataclass(frozen=True)
class Expected:
    """What a change does, without its reason."""

    kind: ChangeKind
    user_id: str | None = None
    account: str | None = None
    account_id: str | None = None
    group: str | None = None
    before: State = _NOTHING
    after: State = _NOTHING


def expected(change: Change) -> Expected:
    """What a planned change does."""
    before, after = frozenset(change.before.items()), frozenset(change.after.items())
    return Expected(change.kind, change.user_id, change.account, change.account_id, change.group, before, after)


@dataclass(frozen=True)
class Reference:
    """The reference for one world under some rules."""

    world: World
    rules: TargetRules

    def changes(self) -> set[Expected]:
        """Everything that is wanted, possible, and not protected."""
        return {change for change in self._possible() if not self._protected(change)}

    def conflicts(self) -> set[tuple[str, str]]:
        """Kind and subject of every conflict."""
        found = {(verdict, f"user:{user.id}") for user in self.world.users if (verdict := self.verdict(user))[0] == "C"}
        if self.rules.groups.mode != "off":
            scope = [group for group in self.world.groups if self.in_scope(group)]
            found |= {(kind, f"group:{group.id}") for group in scope if (kind := self.group_verdict(group))[0] == "C"}
        return found | {("C29", subject) for change in self._possible() if (subject := self._protected(change))}

    # Users

    def mapped(self, user: SourceUser) -> MappedUser:
        return map_user(user, self.rules.users)

    def link(self, user: SourceUser) -> Link | None:
        return next((link for link in self.world.links if link.user_id == user.id), None)

    def account_of(self, id: str) -> Account | None:
        return next((account for account in self.world.accounts if account.id == id), None)

    def account_named(self, key: str) -> Account | None:
        return next((account for account in self.world.accounts if account.key == key), None)

    def is_held(self, key: str) -> bool:
        """Whether some link has the account of this name, by its name of today, else by the last that was known."""
        seen = [(link, self.account_of(link.account_id)) for link in self.world.links]
        held = [account.key if account else account_key(link.account_name) for link, account in seen]
        return key in held or key in self.world.taken_names

    def rivals(self, key: str) -> int:
        """How many users want this name for an account that they do not have yet."""
        wanting = [user for user in self.world.users if is_present(user) and not self.link(user)]
        mapped = [self.mapped(user) for user in wanting]
        return sum(not made.skipped_by and account_key(made.username or "") == key for made in mapped)

    def verdict(self, user: SourceUser) -> str:
        """What becomes of a user: it `leaves`, `keeps`, `links`, `creates`, `nothing`, or a conflict's code."""
        mapped, link = self.mapped(user), self.link(user)
        if mapped.skipped_by:
            return "nothing"
        if link and (account := self.account_of(link.account_id)):
            return self._unless_invalid(mapped, account, "keeps") if is_present(user) else "leaves"
        if not is_present(user):
            return "nothing"
        if link:
            return "C06" if self.world.target_complete else "nothing"
        return self._newcomer(mapped)

    def _newcomer(self, mapped: MappedUser) -> str:
        if not mapped.username:
            return "C05"
        key = account_key(mapped.username)
        if self.is_held(key):
            return "C10"
        account = self.account_named(key)
        if not account and not self.rules.users.create:
            return "nothing"
        if self.rivals(key) > 1:
            return "C14"
        return self._unless_invalid(mapped, account, "links") if account else self._creation(mapped)

    def _creation(self, mapped: MappedUser) -> str:
        names = self.world.capabilities.names
        if check_username(normalised(mapped.username or ""), names):
            return "C16"
        if not mapped.display_name or (names.email_required and not mapped.email):
            return "C17"
        return "C16" if check_display_name(mapped.display_name, names) else "creates"

    def _unless_invalid(self, mapped: MappedUser, account: Account, verdict: str) -> str:
        name = mapped.display_name
        sent = self.update(mapped, account) is not None and name is not None and name != account.display_name
        return "C16" if sent and check_display_name(name or "", self.world.capabilities.names) else verdict

    def update(self, mapped: MappedUser, account: Account) -> tuple[State, State] | None:
        """State before and after, where both sides tell a value and the two differ."""
        pairs = [(mapped.display_name, account.display_name), (mapped.email, account.email)]
        if not self.rules.users.update or all(idp is None or now is None or idp == now for idp, now in pairs):
            return None
        before = {"display_name": account.display_name, "email": account.email}
        after = {"display_name": mapped.display_name or account.display_name, "email": mapped.email or account.email}
        return frozenset(before.items()), frozenset(after.items())

    def account(self, user: SourceUser) -> Account | None:
        """The account that a user has, or is linked to by this plan."""
        link = self.link(user)
        return self.account_of(link.account_id) if link else self.account_named(account_key(self._new_name(user)))

    def _new_name(self, user: SourceUser) -> str:
        return normalised(self.mapped(user).username or "")

    def _user_changes(self, user: SourceUser) -> set[Expected]:
        verdict, account = self.verdict(user), self.account(user)
        if verdict == "creates":
            mapped, name = self.mapped(user), self._new_name(user)
            after = {"name": name, "display_name": mapped.display_name, "email": mapped.email, "active": True}
            return {Expected(ChangeKind.CREATE_ACCOUNT, user.id, name, after=frozenset(after.items()))}
        if verdict not in ("leaves", "keeps", "links") or account is None:
            return set()
        found: list[tuple[ChangeKind, State, State]] = []
        if verdict == "links":
            found.append((ChangeKind.LINK_ACCOUNT, _NOTHING, frozenset({("name", account.name)})))
        if verdict == "leaves" and account.active and self.rules.users.when_inactive == "deactivate":
            found.append((ChangeKind.DEACTIVATE_ACCOUNT, frozenset({("active", True)}), frozenset({("active", False)})))
        if verdict != "leaves" and not account.active and self.rules.users.reactivate:
            found.append((ChangeKind.REACTIVATE_ACCOUNT, frozenset({("active", False)}), frozenset({("active", True)})))
        if verdict != "leaves" and (states := self.update(self.mapped(user), account)):
            found.append((ChangeKind.UPDATE_ACCOUNT, *states))
        return {Expected(kind, user.id, account.name, account.id, None, *states) for kind, *states in found}

    # Groups

    def is_mapped(self, group: SourceGroup) -> bool:
        name, rules = normalised(group.display_name), self.rules.groups
        return not group.deleted and bool(matching_glob(rules.include, name)) and not matching_glob(rules.exclude, name)

    def in_scope(self, group: SourceGroup) -> bool:
        """Whether the plan is about this group: it, or one of its name, is touched or has one of the users in it."""
        touched = self.world.touched_groups
        namesakes = {other.id for other in self.world.groups if key_of(other) == key_of(group)}
        return touched is None or bool(namesakes & touched) or any(namesakes & user.groups for user in self.world.users)

    def group_verdict(self, group: SourceGroup) -> str:
        """What becomes of an IdP group: `nothing`, `frozen`, `is there`, `creates`, or a conflict's code."""
        if not self.is_mapped(group):
            return "nothing"
        if sum(key_of(other) == key_of(group) and self.is_mapped(other) for other in self.world.groups) > 1:
            return "C22"
        if check_group_name(normalised(group.display_name), self.world.capabilities.names):
            return "C16"
        if any(there.key == key_of(group) for there in self.world.target_groups):
            return "is there"
        return "creates" if self.rules.groups.create_missing else "frozen"

    def groups_giving(self, key: str) -> list[SourceGroup]:
        """The IdP group that decides who is in the target group of this name: one or none."""
        usable = [group for group in self.world.groups if self.group_verdict(group) in ("is there", "creates")]
        return [group for group in usable if key_of(group) == key]

    def is_frozen(self, key: str) -> bool:
        mapped = [group for group in self.world.groups if self.is_mapped(group) and key_of(group) == key]
        return bool(mapped) and not self.groups_giving(key)

    def group_name(self, key: str) -> str:
        there = [group.name for group in self.world.target_groups if group.key == key]
        return (there + [normalised(group.display_name) for group in self.groups_giving(key)] + [key])[0]

    def _group_changes(self) -> set[Expected]:
        due = [group for group in self.world.groups if self.in_scope(group) and self.group_verdict(group) == "creates"]
        names = [normalised(group.display_name) for group in due]
        return {Expected(ChangeKind.CREATE_GROUP, group=name, after=frozenset({("name", name)})) for name in names}

    # Memberships

    def _membership_changes(self, user: SourceUser) -> set[Expected]:
        verdict = self.verdict(user)
        has_place = verdict in ("keeps", "links", "creates") or (verdict == "leaves" and user.deleted)
        if not has_place:
            return set()
        keys = {key_of(group) for group in self.world.groups} | {member.group_key for member in self.world.managed}
        keys |= {key for account in self.world.accounts for key in account.groups or ()}
        return {change for key in keys for change in self._membership(user, key)}

    def _membership(self, user: SourceUser, key: str) -> list[Expected]:
        account = None if self.verdict(user) == "creates" else self.account(user)
        is_managed = account is not None and ManagedMembership(account.id, key) in self.world.managed
        is_member = is_managed if account is None or account.groups is None else key in account.groups
        is_wanted = not user.deleted and any(group.id in user.groups for group in self.groups_giving(key))
        is_ours = is_managed or (not self.rules.groups.keep_existing_groups and bool(self.groups_giving(key)))
        name, id = (account.name, account.id) if account else (self._new_name(user), None)
        states = frozenset({("member", is_member)}), frozenset({("member", is_wanted)})
        if is_wanted and not is_member:
            return [Expected(ChangeKind.ADD_MEMBER, user.id, name, id, self.group_name(key), *states)]
        if is_member and not is_wanted and is_ours and not self.is_frozen(key):
            return [Expected(ChangeKind.REMOVE_MEMBER, user.id, name, id, self.group_name(key), *states)]
        return []

    # Limits and protection

    def _wanted(self) -> set[Expected]:
        wanted = {change for user in self.world.users for change in self._user_changes(user)}
        if self.rules.groups.mode == "off":
            return wanted
        return wanted | self._group_changes() | {c for user in self.world.users for c in self._membership_changes(user)}

    def _possible(self) -> set[Expected]:
        wanted = self._wanted()
        impossible = {change for change in wanted if not self._is_able(change.kind)}
        accounts = {change.user_id for change in impossible if change.kind == ChangeKind.CREATE_ACCOUNT}
        groups = {change.group for change in impossible if change.kind == ChangeKind.CREATE_GROUP}
        added = {change for change in wanted if change.kind == ChangeKind.ADD_MEMBER}
        return wanted - impossible - {add for add in added if add.user_id in accounts or add.group in groups}

    def _is_able(self, kind: ChangeKind) -> bool:
        able = self.world.capabilities
        lacking = {
            ChangeKind.CREATE_ACCOUNT: able.create_user,
            ChangeKind.UPDATE_ACCOUNT: able.update_user,
            ChangeKind.DEACTIVATE_ACCOUNT: able.set_active,
            ChangeKind.REACTIVATE_ACCOUNT: able.set_active,
            ChangeKind.CREATE_GROUP: able.create_group,
            ChangeKind.ADD_MEMBER: able.members,
            ChangeKind.REMOVE_MEMBER: able.members,
        }.get(kind)
        removing = kind in (ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.REMOVE_MEMBER)
        return lacking is None and (self.world.target_complete or not removing)

    def _protected(self, change: Expected) -> str | None:
        """The subject of the conflict, where account or group is protected."""
        if change.account is not None and matching_glob(self.rules.users.protect, change.account):
            return f"user:{change.user_id}"
        if change.group is None or not matching_glob(self.rules.groups.protect, change.group):
            return None
        key = group_key(change.group)
        behind = [group for group in self.world.groups if key_of(group) == key]
        ranked = sorted(behind, key=lambda group: (not group.deleted, group.id))
        return f"group:{ranked[-1].id}" if ranked else f"target-group:{key}"


def is_present(user: SourceUser) -> bool:
    return user.active and not user.deleted


def key_of(group: SourceGroup) -> str:
    return group_key(group.display_name)
