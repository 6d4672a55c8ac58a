"""Members of target groups: who is added because a rule says so, and who is removed because none does any more.

Removed is only what manciple added itself, or, where the rules say so, any membership of a linked account in a group
that IdP groups feed. Accounts that belong to no user, groups that are frozen, and the memberships of leavers that are
not deleted are never touched. A deleted user wants no membership at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType

from core.planning.changes import Because, Change, ChangeKind
from core.planning.defaults import FOR_ALL, FOR_NEW, Defaults
from core.planning.feeding import Fed, Feeding
from core.planning.globs import matching_glob
from core.planning.lookup import Lookup
from core.planning.names import normalised
from core.planning.nesting import effective_groups, groups_around, through
from core.planning.rules import GroupRules
from core.planning.user_decisions import Holder
from core.planning.values import SourceGroup, SourceUser
from core.planning.wording import called

# Shared by all changes: a plan may hold a million of them.
_MEMBER: Mapping[str, str | bool | None] = MappingProxyType({"member": True})
_NOT_OURS: Mapping[str, str | bool | None] = MappingProxyType({"member": True, "managed": False})
_NO_MEMBER: Mapping[str, str | bool | None] = MappingProxyType({"member": False})
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A membership that a rule gives, the same for all who get it."""

    fed: Fed
    group: SourceGroup | None
    """The IdP group that gives it; `None`: a default does."""
    rule: str


@dataclass(frozen=True, slots=True)
class _Context:
    lookup: Lookup
    rules: GroupRules
    feeding: Feeding
    defaults: Defaults
    given: Mapping[str, tuple[_Wanted, ...]]
    """IdP group's id → what its members get."""
    for_new: Mapping[str, _Wanted]
    """Not those that only the IdP's groups put anybody into: the next plan would take them back."""
    for_all: Mapping[str, _Wanted]
    effective: Mapping[str, frozenset[str]]
    """User's id → ids of the IdP groups it is in, nested ones too where they count."""
    around: Mapping[str, frozenset[str]]


def plan_memberships(
    lookup: Lookup, holders: Iterable[Holder], feeding: Feeding, defaults: Defaults, rules: GroupRules
) -> tuple[Change, ...]:
    """Plan the memberships of every holder, in no particular order.

    Where the groups of an account were not read, those that manciple manages stand in for them.
    """
    effective = effective_groups(lookup, rules.nested)
    around = groups_around(lookup) if rules.nested == "flatten" else {}
    context = _Context(
        lookup,
        rules,
        feeding,
        defaults,
        {
            id_: tuple(_Wanted(each, lookup.groups[id_], feeding.rule) for each in fed)
            for id_, fed in feeding.fed.items()
        },
        {key: _Wanted(fed, None, FOR_NEW) for key, fed in defaults.for_new.items() if key not in feeding.emptied},
        {key: _Wanted(fed, None, FOR_ALL) for key, fed in defaults.for_all.items()},
        effective,
        around,
    )
    return tuple(change for holder in holders for change in _of_holder(context, holder))


def _of_holder(context: _Context, holder: Holder) -> Iterator[Change]:
    wanted = _wanted(context, holder)
    managed: Set[str] = context.lookup.managed(holder.account.id) if holder.account else _NONE
    observed = holder.account.groups if holder.account and holder.account.groups is not None else managed
    for key in wanted.keys() - observed:
        yield _adding(context, holder, wanted[key])
    for key in ((_removable(context, managed) & observed) - wanted.keys()) - context.feeding.frozen:
        yield _removal(context, holder, key, key in managed)


def _removable(context: _Context, managed: Set[str]) -> Set[str]:
    """Keys of the target groups that the account may be taken out of: with mode `off`, defaults alone."""
    if not context.feeding.removes:
        return managed & context.defaults.for_all.keys()
    return managed | context.feeding.emptied if context.feeding.emptied else managed


def _wanted(context: _Context, holder: Holder) -> Mapping[str, _Wanted]:
    """What rules give, the one with the first say last: defaults for new accounts, for all, then the IdP's groups."""
    if holder.user.deleted:
        return {}
    found = {**context.for_new, **context.for_all} if holder.is_new else dict(context.for_all)
    for id_ in sorted(context.effective[holder.user.id], reverse=True):
        found |= {wanted.fed.key: wanted for wanted in context.given.get(id_, ())}
    return found


def _adding(context: _Context, holder: Holder, wanted: _Wanted) -> Change:
    because = Because(
        _adding_reason(context, holder.user, wanted),
        wanted.rule,
        holder.user.id,
        wanted.group.id if wanted.group else None,
        _later(holder.user, wanted.group),
    )
    after = _NOT_OURS if wanted.rule == FOR_NEW else _MEMBER
    return _membership(ChangeKind.ADD_MEMBER, because, holder, wanted.fed.name, _NO_MEMBER, after)


def _adding_reason(context: _Context, user: SourceUser, wanted: _Wanted) -> str:
    if wanted.group is None:
        return f"{wanted.rule} names this group"
    inner = through(user, wanted.group.id, context.around)
    text = f"IdP group '{wanted.group.display_name}' has this user as a member"
    return text if inner is None else f"{text} through '{context.lookup.groups[inner].display_name}'"


def _removal(context: _Context, holder: Holder, key: str, managed: bool) -> Change:
    group = context.feeding.behind.get(key)
    text, rule = _removal_reason(context, holder.user, group, managed)
    because = Because(text, rule, holder.user.id, group.id if group else None, _later(holder.user, group))
    target_group = context.lookup.target_groups.get(key)
    name = target_group.name if target_group else _fed_name(context, group, key)
    before = _MEMBER if managed else _NOT_OURS
    return _membership(ChangeKind.REMOVE_MEMBER, because, holder, name, before, _NO_MEMBER)


def _fed_name(context: _Context, group: SourceGroup | None, key: str) -> str:
    fed = context.feeding.fed.get(group.id, ()) if group else ()
    return next((each.name for each in fed if each.key == key), key)


def _removal_reason(context: _Context, user: SourceUser, group: SourceGroup | None, managed: bool) -> tuple[str, str]:
    """The sentence and the rule: of a membership that we did not add always the one that lets us remove it."""
    if not managed:
        setting = "keep_existing_groups" if context.rules.mode == "on-the-fly" else "keep_existing_members"
        rule = f"{context.feeding.rule}.{setting}"
        return _foreign_reason(user, group, setting), rule
    rule = context.feeding.rule if context.feeding.removes else FOR_ALL
    if user.deleted:
        return f"{called(user)} is deleted at the IdP", rule
    if group is None:
        return "No IdP group gives this membership any more", rule
    if group.deleted:
        return f"IdP group '{group.display_name}' is deleted", rule
    if group.id not in context.feeding.fed:
        return _unmapped_reason(group, context.rules)
    return f"IdP group '{group.display_name}' no longer has this user as a member", rule


def _foreign_reason(user: SourceUser, group: SourceGroup | None, setting: str) -> str:
    if user.deleted:
        return f"{called(user)} is deleted at the IdP, and {setting} is off"
    if group is None:
        return f"No IdP group gives this membership, and {setting} is off"
    return f"IdP group '{group.display_name}' does not have this user as a member, and {setting} is off"


def _unmapped_reason(group: SourceGroup, rules: GroupRules) -> tuple[str, str]:
    """The sentence and the rule."""
    text = f"IdP group '{group.display_name}' is not mapped"
    if rules.mode == "manual":
        return f"{text}: no groups.map names it", "groups.map"
    name = normalised(group.display_name)
    if glob := matching_glob(rules.on_the_fly.exclude, name):
        return f"{text}: groups.on_the_fly.exclude names it ('{glob}')", "groups.on_the_fly.exclude"
    if matching_glob(rules.on_the_fly.include, name) is None:
        return f"{text}: groups.on_the_fly.include does not name it", "groups.on_the_fly.include"
    return f"{text} to it any more", "groups.on_the_fly"


def _later(user: SourceUser, group: SourceGroup | None) -> int | None:
    """The later of the exchanges that touched user and group: the one that most likely caused the change."""
    exchanges = (user.exchange, group.exchange if group else None)
    return max((exchange for exchange in exchanges if exchange is not None), default=None)


def _membership(
    kind: ChangeKind,
    because: Because,
    holder: Holder,
    group: str,
    before: Mapping[str, str | bool | None],
    after: Mapping[str, str | bool | None],
) -> Change:
    return Change(
        kind,
        because,
        account=holder.account_name,
        account_id=holder.account.id if holder.account else None,
        user_id=holder.user.id,
        group=group,
        before=before,
        after=after,
    )
