"""Who is in which target group: one holder and one target group at a time."""

from dataclasses import dataclass

from core.planning.changes import ChangeKind
from core.planning.names import group_key
from core.planning.values import ManagedMembership

from .reference_given import Expected, Given, state
from .reference_groups import Fed, Mapping
from .reference_users import Holder


@dataclass(frozen=True)
class Members:
    """The memberships of all holders."""

    given: Given
    mapping: Mapping

    def changes(self, holders: list[Holder]) -> set[Expected]:
        world = self.given.world
        keys = {fed.key for fed in self.mapping.fed} | {member.group_key for member in world.managed}
        keys |= {key for account in world.accounts for key in account.groups or ()}
        return {change for holder in holders for key in keys for change in self._changes(holder, key)}

    def _changes(self, holder: Holder, key: str) -> list[Expected]:
        fed = self.mapping.of(key) or Fed(key, self._name(key))
        is_managed = (
            holder.account is not None and ManagedMembership(holder.account.id, key) in self.given.world.managed
        )
        unread = holder.account is None or holder.account.groups is None
        is_member = is_managed if unread else key in (holder.account.groups or ())
        wanted = None if fed.is_missing or holder.user.deleted else self._wanted(holder, fed)
        who = (holder.user.id, holder.name, holder.account.id if holder.account else None, fed.name)
        said = self._exchange(holder, fed)
        before = state(member=is_member)
        if wanted and not is_member:
            once = state(managed=False) if wanted == "once" else frozenset()
            return [Expected(ChangeKind.ADD_MEMBER, *who, before, state(member=True) | once, exchange=said)]
        is_ours = (is_managed and self._is_for_us(key)) or fed.is_exclusive
        if is_member and not wanted and is_ours and not fed.is_frozen and not fed.is_missing:
            theirs = frozenset() if is_managed else state(managed=False)
            return [Expected(ChangeKind.REMOVE_MEMBER, *who, before | theirs, state(member=False), exchange=said)]
        return []

    def _wanted(self, holder: Holder, fed: Fed) -> str | None:
        rules = self.given.rules.groups
        if fed.by & self.given.groups_of(holder.user) or fed.key in map(group_key, rules.default_for_all):
            return "always"
        if fed.is_exclusive:
            return None
        return "once" if holder.is_new and fed.key in map(group_key, rules.default_for_new) else None

    def _exchange(self, holder: Holder, fed: Fed) -> int | None:
        """The later of those that touched the user and the group that gives the membership first."""
        giving = sorted(fed.by & self.given.groups_of(holder.user)) or sorted(fed.by)
        group = self.given.group(giving[0]) if giving else None
        known = [exchange for exchange in (holder.user.exchange, group.exchange if group else None) if exchange]
        return max(known, default=None)

    def _is_for_us(self, key: str) -> bool:
        """Where the IdP's groups are left alone, so is everything but the default groups."""
        rules = self.given.rules.groups
        return rules.mode != "off" or key in map(group_key, rules.default_for_all)

    def _name(self, key: str) -> str:
        there = self.given.target_group(key)
        return there.name if there else key
