"""Newcomers: active users without a linked account. One that is there already is linked, else a new one is made."""

from core.planning import account_changes, account_conflicts, addresses, conflicts, directories, notes
from core.planning.alike import looks_like
from core.planning.changes import Conflict
from core.planning.mapping import MappedUser
from core.planning.matching import BY, Match
from core.planning.names import (
    account_key,
    check_display_name,
    check_username,
    normalised,
    propose_display_name,
)
from core.planning.names import propose_username as proposed_username
from core.planning.notes import Note
from core.planning.staying import aligned
from core.planning.user_decisions import Context, Decision, Holder
from core.planning.values import Account, Released, SourceUser
from core.planning.wording import called

_BY_NAME = "name"


def newcomer(context: Context, mapped: MappedUser) -> Decision:
    """Link the account that matches the user, or create one, unless somebody else has a claim on it."""
    match = context.matches.of_user.get(mapped.user.id)
    return _by_name(context, mapped) if match is None else _matched(context, mapped, match)


def _matched(context: Context, mapped: MappedUser, match: Match) -> Decision:
    if len(match.accounts) > 1:
        wanted = normalised(mapped.username or match.accounts[0].name)
        proposed = proposed_username(wanted, context.names, context.is_taken)
        return Decision(conflict=account_conflicts.several_accounts(mapped.user, match, proposed))
    return _linked(context, mapped, match.accounts[0], BY[match.by])


def _linked(context: Context, mapped: MappedUser, account: Account, by: str) -> Decision:
    claimants = context.matches.claimants.get(account.id, ())
    if sum(map(len, claimants)) > 1:
        return Decision(conflict=account_conflicts.same_account(mapped.user, account, claimants))
    if by != BY["answer"] and _is_another_s(mapped.user, account):
        proposed = proposed_username(account.name, context.names, context.is_taken)
        return Decision(conflict=account_conflicts.name_used_again(mapped.user, account, proposed))
    if by == _BY_NAME and (conflict := _name_released(context, mapped.user, account.key, account)):
        return Decision(conflict=conflict)
    if by != BY["answer"] and (conflict := _in_directory(context, mapped.user, account)):
        return Decision(conflict=conflict)
    return aligned(context, mapped, account, (account_changes.linking(mapped.user, account, by),))


def _in_directory(context: Context, user: SourceUser, account: Account) -> Conflict | None:
    wanted = context.lookup.world.capabilities.directory
    proposed = proposed_username(account.name, context.names, context.is_taken)
    return directories.unlinked(user, account, wanted, proposed)


def _is_another_s(user: SourceUser, account: Account) -> bool:
    """Whether the target keeps the immutable id of somebody else beside the account."""
    return account.external_id not in (None, user.id, user.attributes.get("externalId"))


def _by_name(context: Context, mapped: MappedUser) -> Decision:
    user, lookup = mapped.user, context.lookup
    if mapped.username is None:
        return Decision(conflict=conflicts.no_username(user, context.rules.username.source))
    name = normalised(mapped.username)
    key = account_key(name)
    if lookup.is_held(key):
        return Decision(conflict=_name_taken(context, user, name, key))
    account = lookup.accounts_by_key.get(key)
    if account is not None and account.id in context.matches.given:
        return Decision(conflict=_name_taken(context, user, name, key))
    if account is None and not context.rules.create:
        return Decision(notes=(Note(notes.CREATE_OFF, user.user_name),))
    if account is not None and "username" not in context.rules.matching:
        proposed = proposed_username(name, context.names, context.is_taken)
        return Decision(conflict=account_conflicts.unlinked_namesake(user, account, proposed))
    claimed = context.claims.get(key, ())
    if len(claimed) > 1 and not (account and account.id in context.matches.claimants):
        return Decision(conflict=conflicts.same_name(user, name, claimed))
    if account is None:
        return _created(context, mapped, name)
    return _linked(context, mapped, account, _BY_NAME)


def _name_taken(context: Context, user: SourceUser, name: str, key: str) -> Conflict:
    holder = context.lookup.holder(key)
    account = context.lookup.accounts_by_key.get(key) if context.lookup.is_held(key) else None
    proposed = proposed_username(name, context.names, context.is_taken)
    return conflicts.name_taken(user, name, called(holder) if holder else "another user", proposed, account)


def _name_released(context: Context, user: SourceUser, key: str, account: Account | None = None) -> Conflict | None:
    """Whether this name was another person's before, and no admin said that it may be this user's."""
    released = context.lookup.released.get(key)
    if released is None or _is_theirs(released, user):
        return None
    if account_key(context.rules.answers.reused.get(user.id, "")) == key:
        return None
    proposed = proposed_username(released.name, context.names, context.is_taken)
    return account_conflicts.name_released(user, released, account, proposed)


def _is_theirs(released: Released, user: SourceUser) -> bool:
    """Whether a name that was given up was this very person's."""
    known = user.attributes.get("externalId")
    return user.id == released.user_id or (bool(known) and known == released.external_id)


def _created(context: Context, mapped: MappedUser, name: str) -> Decision:
    if conflict := _name_released(context, mapped.user, account_key(name)):
        return Decision(conflict=conflict)
    if conflict := _creation_conflict(context, mapped, name) or _looks_like(context, mapped, name):
        return Decision(conflict=conflict)
    keeps_id = "externalId" in context.lookup.world.capabilities.attributes
    change = account_changes.creation(mapped, name, context.attributes, keeps_id=keeps_id)
    return Decision((change,), holder=Holder(mapped.user, name, None, is_new=True))


def _looks_like(context: Context, mapped: MappedUser, name: str) -> Conflict | None:
    if context.alikes is None or mapped.user.id in context.rules.answers.apart:
        return None
    found = context.alikes.candidates(mapped)
    return looks_like(mapped, name, found) if found else None


def _creation_conflict(context: Context, mapped: MappedUser, name: str) -> Conflict | None:
    rules, names = context.rules, context.names
    if problem := check_username(name, names):
        own = account_key(name)
        proposed = proposed_username(name, names, lambda key: key != own and context.is_taken(key))
        return conflicts.invalid_user_value(mapped.user, "username", name, problem, proposed)
    if mapped.display_name is None:
        return conflicts.value_missing(mapped, "display name", rules.display_name.source)
    if mapped.email is None and names.email_required:
        return conflicts.value_missing(mapped, "e-mail", rules.email.source)
    if conflict := addresses.problem(context.addresses, context.lookup, rules, mapped, None):
        return conflict
    problem = check_display_name(mapped.display_name, names)
    if problem is None:
        return None
    proposed = propose_display_name(mapped.display_name, names)
    return conflicts.invalid_user_value(mapped.user, "display name", mapped.display_name, problem, proposed)
