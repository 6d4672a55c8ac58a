"""Members of target groups: who is added because the IdP says so, and who is removed because it no longer does.

Removed is only what manciple added itself, or, where `keep_existing_groups` is off, any membership of a linked
account in a mapped group. Accounts that belong to no user, groups that are frozen, and the memberships of inactive
users are never touched. A deleted user wants no membership at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType

from core.planning.changes import Because, Change, ChangeKind
from core.planning.globs import matching_glob
from core.planning.groups import GroupPlan, MappedGroup
from core.planning.lookup import Lookup
from core.planning.names import normalised
from core.planning.rules import GroupRules
from core.planning.users import Holder
from core.planning.values import SourceGroup, SourceUser
from core.planning.wording import called

# Shared by all changes: a plan may hold a million of them.
_MEMBER: Mapping[str, str | bool | None] = MappingProxyType({"member": True})
_NO_MEMBER: Mapping[str, str | bool | None] = MappingProxyType({"member": False})


@dataclass(frozen=True, slots=True)
class _Context:
    lookup: Lookup
    groups: GroupPlan
    rules: GroupRules
    mapped_keys: frozenset[str]
    reasons: Mapping[str, str]
    """The IdP group's id → why its members are added."""


def plan_memberships(
    lookup: Lookup, holders: Iterable[Holder], groups: GroupPlan, rules: GroupRules
) -> tuple[Change, ...]:
    """Plan the memberships of every holder, in no particular order.

    Where the groups of an account were not read, those that manciple manages stand in for them.
    """
    context = _Context(
        lookup,
        groups,
        rules,
        mapped_keys=frozenset(mapped.key for mapped in groups.mapped.values()),
        reasons={
            id_: f"IdP group '{mapped.group.display_name}' has this user as a member"
            for id_, mapped in groups.mapped.items()
        },
    )
    return tuple(change for holder in holders for change in _of_holder(context, holder))


def _of_holder(context: _Context, holder: Holder) -> Iterator[Change]:
    wanted = _wanted(context, holder.user)
    managed: Set[str] = context.lookup.managed(holder.account.id) if holder.account else frozenset()
    observed = holder.account.groups if holder.account and holder.account.groups is not None else managed
    for key in wanted.keys() - observed:
        yield _adding(context, holder, wanted[key])
    removable = managed if context.rules.on_the_fly.keep_existing_groups else managed | context.mapped_keys
    for key in ((removable & observed) - wanted.keys()) - context.groups.frozen:
        yield _removal(context, holder, key, key in managed)


def _wanted(context: _Context, user: SourceUser) -> Mapping[str, MappedGroup]:
    if user.deleted:
        return {}
    mapped = context.groups.mapped
    found = (mapped[id_] for id_ in user.groups if id_ in mapped)
    return {group.key: group for group in found}


def _adding(context: _Context, holder: Holder, mapped: MappedGroup) -> Change:
    group = mapped.group
    because = Because(
        context.reasons[group.id], "groups.on_the_fly", holder.user.id, group.id, _later(holder.user, group)
    )
    return _membership(ChangeKind.ADD_MEMBER, because, holder, mapped.name)


def _removal(context: _Context, holder: Holder, key: str, managed: bool) -> Change:
    group = context.groups.behind.get(key)
    text, rule = _removal_reason(context, holder.user, group, managed)
    because = Because(text, rule, holder.user.id, group.id if group else None, _later(holder.user, group))
    return _membership(ChangeKind.REMOVE_MEMBER, because, holder, _name(context, group, key))


def _name(context: _Context, group: SourceGroup | None, key: str) -> str:
    if group and (mapped := context.groups.mapped.get(group.id)):
        return mapped.name
    target_group = context.lookup.target_groups.get(key)
    return target_group.name if target_group else key


def _removal_reason(context: _Context, user: SourceUser, group: SourceGroup | None, managed: bool) -> tuple[str, str]:
    """The sentence and the rule."""
    if user.deleted:
        return f"{called(user)} is deleted at the IdP", "groups.on_the_fly"
    if group is None:
        return "No IdP group gives this membership any more", "groups.on_the_fly"
    if group.deleted:
        return f"IdP group '{group.display_name}' is deleted", "groups.on_the_fly"
    if group.id not in context.groups.mapped:
        return _unmapped_reason(group, context.rules)
    if managed:
        return f"IdP group '{group.display_name}' no longer has this user as a member", "groups.on_the_fly"
    text = f"IdP group '{group.display_name}' does not have this user as a member, and keep_existing_groups is off"
    return text, "groups.on_the_fly.keep_existing_groups"


def _unmapped_reason(group: SourceGroup, rules: GroupRules) -> tuple[str, str]:
    """The sentence and the rule."""
    text = f"IdP group '{group.display_name}' is not mapped"
    if glob := matching_glob(rules.on_the_fly.exclude, normalised(group.display_name)):
        return f"{text}: groups.on_the_fly.exclude names it ('{glob}')", "groups.on_the_fly.exclude"
    return f"{text}: groups.on_the_fly.include does not name it", "groups.on_the_fly.include"


def _later(user: SourceUser, group: SourceGroup | None) -> int | None:
    """The later of the exchanges that touched user and group: the one that most likely caused the change."""
    exchanges = (user.exchange, group.exchange if group else None)
    return max((exchange for exchange in exchanges if exchange is not None), default=None)


def _membership(kind: ChangeKind, because: Because, holder: Holder, group: str) -> Change:
    adding = kind == ChangeKind.ADD_MEMBER
    return Change(
        kind,
        because,
        account=holder.account_name,
        account_id=holder.account.id if holder.account else None,
        user_id=holder.user.id,
        group=group,
        before=_NO_MEMBER if adding else _MEMBER,
        after=_MEMBER if adding else _NO_MEMBER,
    )
