"""Users to accounts: create, link, update, reactivate, deactivate, or the conflict that stands in the way.

A user's account is the linked one, by immutable id; its name is never derived again. A user without a link takes
the account whose name it maps to, unless that belongs to somebody else, else gets a new one. Only an active user
is ever linked or created: who is inactive and was never provisioned stays out. Only a user that is inactive or
deleted in the identity store is a leaver; one that is merely absent from the world is not touched.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.planning import account_changes, conflicts, notes
from core.planning.changes import Change, Conflict
from core.planning.lookup import Lookup
from core.planning.mapping import MappedUser, map_user
from core.planning.names import (
    account_key,
    check_display_name,
    check_username,
    normalised,
    propose_display_name,
    propose_username,
)
from core.planning.notes import Note
from core.planning.probes import withheld
from core.planning.rules import UserRules
from core.planning.values import Account, Link, NameRules, SourceUser
from core.planning.wording import called


@dataclass(frozen=True, slots=True)
class Holder:
    """A user with an account at the target, or with one that this plan creates: its memberships can be planned."""

    user: SourceUser
    account_name: str
    account: Account | None
    """`None`: this plan creates it."""


@dataclass(frozen=True, slots=True)
class UserPlan:
    """What is planned for accounts. Users with a conflict are no holders: their memberships wait with them."""

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[Note, ...]
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class _Decision:
    """What is planned for one user."""

    changes: tuple[Change, ...] = ()
    conflict: Conflict | None = None
    notes: tuple[Note, ...] = ()
    holder: Holder | None = None


@dataclass(frozen=True, slots=True)
class _Context:
    """What every decision is made from."""

    lookup: Lookup
    rules: UserRules
    claims: Mapping[str, Sequence[SourceUser]]
    """Key of an account name → the users without a link that map to it."""

    @property
    def names(self) -> NameRules:
        """What the product accepts."""
        return self.lookup.world.capabilities.names

    def is_taken(self, key: str) -> bool:
        """Whether a proposed name must avoid this one: it is at the target, linked, or claimed in this plan."""
        return self.lookup.is_taken(key) or key in self.claims


def plan_users(lookup: Lookup, rules: UserRules) -> UserPlan:
    """Plan the accounts of every user in the world.

    :raises ValueError: when a mapping rule is not valid (`core.planning.mapping.check_rule`).
    """
    mapped_users = [map_user(user, rules) for user in lookup.users.values()]
    context = _Context(lookup, rules, _claims(lookup, mapped_users))
    decisions = [_decide(context, mapped) for mapped in mapped_users]
    return UserPlan(
        changes=tuple(change for decision in decisions for change in decision.changes),
        conflicts=tuple(decision.conflict for decision in decisions if decision.conflict),
        notes=tuple(note for decision in decisions for note in decision.notes),
        holders=tuple(decision.holder for decision in decisions if decision.holder),
    )


def _is_present(user: SourceUser) -> bool:
    return user.active and not user.deleted


def _claims(lookup: Lookup, mapped_users: Iterable[MappedUser]) -> Mapping[str, Sequence[SourceUser]]:
    """Who wants which account name: linked users have theirs already."""
    claims: defaultdict[str, list[SourceUser]] = defaultdict(list)
    for mapped in mapped_users:
        user = mapped.user
        if not _is_present(user) or mapped.skipped_by or mapped.username is None or user.id in lookup.links:
            continue
        if withheld(user, lookup.world.probes):
            continue
        claims[account_key(mapped.username)].append(user)
    return dict(claims)


def _decide(context: _Context, mapped: MappedUser) -> _Decision:
    if mapped.skipped_by:
        return _Decision(notes=(Note(notes.skipped_by(mapped.skipped_by), mapped.user.user_name),))
    link = context.lookup.links.get(mapped.user.id)
    if link is None and not _is_present(mapped.user):
        return _stranger(context, mapped)
    if link is None:
        topic = withheld(mapped.user, context.lookup.world.probes)
        return _Decision(notes=(Note(topic, mapped.user.user_name),)) if topic else _newcomer(context, mapped)
    account = context.lookup.accounts.get(link.account_id)
    if account is None:
        return _unseen(context, mapped.user, link)
    return _linked(context, mapped, account) if _is_present(mapped.user) else _leaver(context, mapped.user, account)


def _stranger(context: _Context, mapped: MappedUser) -> _Decision:
    """An inactive user that was never provisioned: nothing happens, but an active account of that name is a note."""
    key = account_key(mapped.username or "")
    account = context.lookup.accounts_by_key.get(key)
    if account is None or not account.active or context.lookup.is_held(key) or key in context.claims:
        return _Decision()
    return _Decision(notes=(Note(notes.UNLINKED_LEAVER, account.name),))


def _leaver(context: _Context, user: SourceUser, account: Account) -> _Decision:
    """Deactivate. The memberships of an inactive user stay, since the IdP does not repeat them when it enables the
    user again; those of a deleted user go."""
    due = context.rules.when_inactive == "deactivate" and account.active
    changes = (account_changes.deactivation(user, account),) if due else ()
    return _Decision(changes, holder=Holder(user, account.name, account) if user.deleted else None)


def _unseen(context: _Context, user: SourceUser, link: Link) -> _Decision:
    """The linked account is not in the world: gone, if the read was complete. A leaver needs nothing more then."""
    if not _is_present(user):
        return _Decision()
    if not context.lookup.world.target_complete:
        return _Decision(notes=(Note(notes.UNSEEN, link.account_name),))
    namesake = context.lookup.accounts_by_key.get(account_key(link.account_name))
    return _Decision(conflict=conflicts.account_vanished(user, link, namesake))


def _linked(context: _Context, mapped: MappedUser, account: Account) -> _Decision:
    renamed = mapped.username is not None and account_key(mapped.username) != account.key
    kept = (Note(notes.NOT_RENAMED, f"{account.name} instead of {mapped.username}"),) if renamed else ()
    return _aligned(context, mapped, account, (), kept)


def _newcomer(context: _Context, mapped: MappedUser) -> _Decision:
    """Link the account of the user's mapped name, or create it, unless the name is somebody else's."""
    user, lookup = mapped.user, context.lookup
    if mapped.username is None:
        return _Decision(conflict=conflicts.no_username(user, context.rules.username.source))
    name = normalised(mapped.username)
    key = account_key(name)
    if lookup.is_held(key):
        holder = lookup.holder(key)
        proposed = propose_username(name, context.names, context.is_taken)
        return _Decision(
            conflict=conflicts.name_taken(user, name, called(holder) if holder else "another user", proposed)
        )
    account = lookup.accounts_by_key.get(key)
    if account is None and not context.rules.create:
        return _Decision(notes=(Note(notes.CREATE_OFF, user.user_name),))
    if len(context.claims[key]) > 1:
        return _Decision(conflict=conflicts.same_name(user, name, context.claims[key]))
    if account is None:
        return _created(context, mapped, name)
    return _aligned(context, mapped, account, (account_changes.linking(user, account),), ())


def _created(context: _Context, mapped: MappedUser, name: str) -> _Decision:
    if conflict := _creation_conflict(context, mapped, name):
        return _Decision(conflict=conflict)
    return _Decision((account_changes.creation(mapped, name),), holder=Holder(mapped.user, name, None))


def _creation_conflict(context: _Context, mapped: MappedUser, name: str) -> Conflict | None:
    rules, names = context.rules, context.names
    if problem := check_username(name, names):
        own = account_key(name)
        proposed = propose_username(name, names, lambda key: key != own and context.is_taken(key))
        return conflicts.invalid_user_value(mapped.user, "username", name, problem, proposed)
    if mapped.display_name is None:
        return conflicts.value_missing(mapped, "display name", rules.display_name.source)
    if mapped.email is None and names.email_required:
        return conflicts.value_missing(mapped, "e-mail", rules.email.source)
    return _display_name_conflict(mapped.user, mapped.display_name, names)


def _aligned(
    context: _Context, mapped: MappedUser, account: Account, linking: tuple[Change, ...], kept: tuple[Note, ...]
) -> _Decision:
    """Bring the account's state and values in line with the user's."""
    user, changes = mapped.user, list(linking)
    if context.rules.reactivate and not account.active:
        changes.append(account_changes.reactivation(user, account))
    updating = account_changes.update(mapped, account) if context.rules.update else None
    if updating:
        if mapped.display_name and mapped.display_name != account.display_name:
            conflict = _display_name_conflict(user, mapped.display_name, context.names)
            if conflict:
                return _Decision(conflict=conflict, notes=kept)
        changes.append(updating)
    return _Decision(tuple(changes), notes=kept, holder=Holder(user, account.name, account))


def _display_name_conflict(user: SourceUser, display_name: str, names: NameRules) -> Conflict | None:
    problem = check_display_name(display_name, names)
    if problem is None:
        return None
    proposed = propose_display_name(display_name, names)
    return conflicts.invalid_user_value(user, "display name", display_name, problem, proposed)
