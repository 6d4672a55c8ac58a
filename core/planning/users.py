"""Users to accounts: create, link, update, rename, reactivate, deactivate, delete, or the conflict in the way.

A user's account is the linked one, by immutable id. A user without a link takes the account that `users.matching`
finds, unless that belongs to somebody else, else gets a new one. Only an active user in scope is ever linked or
created: who is inactive and was never provisioned stays out. One that is merely absent from the world is not touched.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.planning import conflicts, directories, notes
from core.planning.addresses import addresses
from core.planning.alike import Alikes
from core.planning.changes import Change, Conflict
from core.planning.leads import successors
from core.planning.leavers import goes, leaver, stranger
from core.planning.lookup import Lookup
from core.planning.mapping import MappedUser, map_user
from core.planning.matching import Matches, matches
from core.planning.names import account_key, normalised
from core.planning.newcomers import newcomer
from core.planning.notes import Note
from core.planning.probes import withheld
from core.planning.rules import TargetRules, UserRules
from core.planning.scope import scope_of
from core.planning.staying import aligned, wants_rename
from core.planning.user_decisions import NOTHING, Context, Decision, Holder, describe, grace_ends, is_leaver, is_present
from core.planning.values import Account, Link, SourceUser

__all__ = ["Holder", "UserPlan", "plan_users"]


@dataclass(frozen=True, slots=True)
class UserPlan:
    """What is planned for accounts. Users with a conflict are no holders: their memberships wait with them."""

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[Note, ...]
    holders: tuple[Holder, ...]
    due: Mapping[str, int]
    """Id of a user that waits for the end of its grace period → that moment."""


def plan_users(lookup: Lookup, rules: TargetRules) -> UserPlan:
    """Plan the accounts of every user in the world.

    :raises ValueError: when a mapping rule is not valid (`core.planning.mapping.check_rule`).
    """
    mapped_users = [map_user(user, rules.users) for user in lookup.users.values()]
    context = _context(lookup, rules, mapped_users)
    decisions = [_decide(context, mapped) for mapped in mapped_users]
    return UserPlan(
        changes=tuple(change for decision in decisions for change in decision.changes),
        conflicts=tuple(decision.conflict for decision in decisions if decision.conflict),
        notes=(*(note for decision in decisions for note in decision.notes), *_missing_attributes(lookup, rules.users)),
        holders=tuple(decision.holder for decision in decisions if decision.holder),
        due={
            mapped.user.id: decision.due
            for mapped, decision in zip(mapped_users, decisions, strict=True)
            if decision.due is not None
        },
    )


def _context(lookup: Lookup, rules: TargetRules, mapped_users: Sequence[MappedUser]) -> Context:
    is_in_scope = scope_of(lookup, rules.users.scope, rules.groups.nested)
    newcomers = [mapped for mapped in mapped_users if _is_newcomer(lookup, rules.users, is_in_scope, mapped)]
    found = matches(lookup, newcomers, rules.users)
    going = _going(lookup, rules.users, is_in_scope, mapped_users)
    stay = [user for user in (*lookup.world.context_users, *lookup.users.values()) if is_present(user, rules.users)]
    return Context(
        lookup,
        rules.users,
        is_in_scope,
        _claims(newcomers, found),
        found,
        _renames(lookup, rules.users, is_in_scope, mapped_users, found),
        successors(lookup, rules.users, going, stay),
        lookup.world.capabilities.attributes & rules.users.attributes.keys(),
        addresses(lookup, (mapped for mapped in newcomers if mapped.user.id not in found.of_user)),
        Alikes(lookup, rules.users) if rules.users.alike == "ask" else None,
    )


def _is_newcomer(
    lookup: Lookup, rules: UserRules, is_in_scope: Callable[[SourceUser], bool], mapped: MappedUser
) -> bool:
    user = mapped.user
    if user.id in lookup.links or mapped.skipped_by or not is_present(user, rules) or not is_in_scope(user):
        return False
    return withheld(user, lookup.world.probes) is None


def _claims(newcomers: Iterable[MappedUser], found: Matches) -> Mapping[str, Sequence[SourceUser]]:
    """Who wants which account name: those that are matched otherwise have an account."""
    claims: defaultdict[str, list[SourceUser]] = defaultdict(list)
    for mapped in newcomers:
        if mapped.username is not None and mapped.user.id not in found.of_user:
            claims[account_key(normalised(mapped.username))].append(mapped.user)
    return dict(claims)


def _renames(
    lookup: Lookup,
    rules: UserRules,
    is_in_scope: Callable[[SourceUser], bool],
    mapped_users: Iterable[MappedUser],
    found: Matches,
) -> Mapping[str, int]:
    if not rules.rename or lookup.world.capabilities.rename_user is not None:
        return {}
    wanted: Counter[str] = Counter()
    for mapped in mapped_users:
        account = _account_of(lookup, mapped.user, found)
        if account is None or mapped.skipped_by or not is_present(mapped.user, rules) or not is_in_scope(mapped.user):
            continue
        if wants_rename(mapped, account):
            wanted[account_key(normalised(mapped.username or ""))] += 1
    return wanted


def _account_of(lookup: Lookup, user: SourceUser, found: Matches) -> Account | None:
    link, match = lookup.links.get(user.id), found.of_user.get(user.id)
    if link is not None:
        return lookup.accounts.get(link.account_id)
    return match.accounts[0] if match and len(match.accounts) == 1 else None


def _going(
    lookup: Lookup, rules: UserRules, is_in_scope: Callable[[SourceUser], bool], mapped_users: Iterable[MappedUser]
) -> frozenset[str]:
    """Keys of the names of the accounts that leavers lose in this plan."""
    keys = set()
    for mapped in mapped_users:
        user = mapped.user
        if mapped.skipped_by or not is_leaver(user, rules, is_in_scope):
            continue
        link = lookup.links.get(user.id)
        account = lookup.accounts.get(link.account_id) if link else None
        if account is None or grace_ends(user, rules, lookup.world.now) is not None:
            continue
        if goes(rules.when_inactive, account, lookup.world.capabilities):
            keys.add(account.key)
    return frozenset(keys)


def _missing_attributes(lookup: Lookup, rules: UserRules) -> Iterator[Note]:
    for name in sorted(rules.attributes.keys() - lookup.world.capabilities.attributes):
        yield Note(notes.NO_ATTRIBUTE, f"users.attributes.{name}")


def _decide(context: Context, mapped: MappedUser) -> Decision:
    user, rules = mapped.user, context.rules
    if mapped.skipped_by:
        return Decision(notes=(Note(notes.skipped_by(mapped.skipped_by), describe(mapped)),))
    link = context.lookup.links.get(user.id)
    if not context.is_in_scope(user) and (link is None or _is_kept(user, rules)):
        return Decision(notes=(Note(notes.OUT_OF_SCOPE, describe(mapped)),))
    is_leaving = is_leaver(user, rules, context.is_in_scope)
    if link is None:
        return stranger(context, mapped) if is_leaving else _unlinked(context, mapped)
    account = context.lookup.accounts.get(link.account_id)
    if account is None:
        return NOTHING if is_leaving else _unseen(context, user, link)
    return leaver(context, mapped, account) if is_leaving else aligned(context, mapped, account, is_new=link.is_new)


def _is_kept(user: SourceUser, rules: UserRules) -> bool:
    """Whether the account of somebody out of scope stays as it is. A leaver's goes: deleting a user ends its
    memberships, and so takes it out of a scope of groups."""
    return rules.when_out_of_scope == "keep" and is_present(user, rules)


def _unlinked(context: Context, mapped: MappedUser) -> Decision:
    topic = withheld(mapped.user, context.lookup.world.probes)
    return Decision(notes=(Note(topic, describe(mapped)),)) if topic else newcomer(context, mapped)


def _unseen(context: Context, user: SourceUser, link: Link) -> Decision:
    """The linked account of somebody who stays is not in the world: gone, if the read was complete."""
    if not context.lookup.world.target_complete:
        return Decision(notes=(Note(notes.UNSEEN, link.account_name),))
    namesake = context.lookup.accounts_by_key.get(account_key(link.account_name))
    if namesake is not None and namesake.hides:
        return Decision(conflict=directories.hidden(user, link, namesake))
    return Decision(conflict=conflicts.account_vanished(user, link, namesake))
