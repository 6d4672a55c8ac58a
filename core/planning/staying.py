"""Users that stay: their account is brought in line with them, in its state, its values and its name."""

from core.planning import account_changes, account_conflicts, addresses, conflicts, directories, notes
from core.planning.changes import Change, Conflict
from core.planning.mapping import MappedUser
from core.planning.names import (
    account_key,
    check_display_name,
    check_username,
    normalised,
    propose_display_name,
)
from core.planning.names import propose_username as proposed_username
from core.planning.notes import Note
from core.planning.user_decisions import Context, Decision, Holder
from core.planning.values import Account
from core.planning.wording import called


def aligned(
    context: Context, mapped: MappedUser, account: Account, linking: tuple[Change, ...] = (), *, is_new: bool = False
) -> Decision:
    """Reactivate, update and rename the account, as far as it differs and the rules say so."""
    user, changes = mapped.user, list(linking)
    if "username" in mapped.cleared:
        return Decision(conflict=conflicts.no_username(user, context.rules.username.source))
    if directories.is_left_alone(user, account, context.rules):
        return _left_alone(context, mapped, account, changes, is_new=is_new)
    renaming, conflict, kept = _renaming(context, mapped, account)
    if conflict is not None:
        return Decision(conflict=conflict)
    if context.rules.reactivate and not account.active:
        changes.append(account_changes.reactivation(user, account))
    if context.rules.update:
        updating = account_changes.update(mapped, account, context.attributes)
        if updating is not None:
            if conflict := _update_conflict(context, mapped, account):
                return Decision(conflict=conflict, notes=kept)
            changes.append(updating)
    changes += [renaming] if renaming else []
    if conflict := directories.changing(user, account, changes):
        return Decision(conflict=conflict, notes=kept)
    return Decision(tuple(changes), notes=kept, holder=Holder(user, account.name, account, is_new))


def _left_alone(
    context: Context, mapped: MappedUser, account: Account, changes: list[Change], *, is_new: bool
) -> Decision:
    """Its directory has its values; whether it is active the IdP says all the same."""
    if context.rules.reactivate and not account.active:
        changes.append(account_changes.reactivation(mapped.user, account))
    left = (Note(notes.LEFT_TO_DIRECTORY, account.name),)
    return Decision(tuple(changes), notes=left, holder=Holder(mapped.user, account.name, account, is_new))


def wants_rename(mapped: MappedUser, account: Account) -> bool:
    """Whether the user's name at the IdP maps to another account name by now; case alone is no other name."""
    return mapped.username is not None and account_key(normalised(mapped.username)) != account.key


def _renaming(
    context: Context, mapped: MappedUser, account: Account
) -> tuple[Change | None, Conflict | None, tuple[Note, ...]]:
    """The rename, the conflict in its way, or why there is none."""
    if not wants_rename(mapped, account):
        return None, None, ()
    name = normalised(mapped.username or "")
    told = f"{account.name} instead of {name}"
    if not context.rules.rename:
        return None, None, (Note(notes.RENAME_OFF, told),)
    reason = context.lookup.world.capabilities.rename_user
    if reason is not None:
        return None, None, (Note(notes.not_renamed(reason), told),)
    if conflict := _name_conflict(context, mapped, account, name):
        return None, conflict, ()
    return account_changes.rename(mapped.user, account, name), None, ()


def _name_conflict(context: Context, mapped: MappedUser, account: Account, name: str) -> Conflict | None:
    key = account_key(name)
    if problem := check_username(name, context.names):
        proposed = proposed_username(name, context.names, lambda other: other != key and context.is_taken(other))
        return conflicts.invalid_user_value(mapped.user, "username", name, problem, proposed)
    if context.lookup.is_taken(key) or key in context.claims or context.renames.get(key, 0) > 1:
        proposed = proposed_username(name, context.names, context.is_taken)
        whose, claimants = _whose(context, key), context.claims.get(key, ())
        return account_conflicts.new_name_taken(mapped.user, account, name, whose, proposed, claimants)
    return None


def _whose(context: Context, key: str) -> str:
    """Whom a name belongs to, or will."""
    holders = (context.lookup.holder(key), *context.claims.get(key, ()))
    if holder := next(filter(None, holders), None):
        return called(holder)
    if context.lookup.is_held(key):
        return "another user"
    if key in context.lookup.accounts_by_key:
        return "an account that no user has"
    return "another account too, as the IdP has it"


def _update_conflict(context: Context, mapped: MappedUser, account: Account) -> Conflict | None:
    """What stands in the way of writing the values that differ."""
    rules, names, cleared = context.rules, context.names, mapped.cleared
    if "display_name" in cleared and account.display_name:
        return conflicts.value_missing(mapped, "display name", rules.display_name.source)
    if "email" in cleared and account.email and names.email_required:
        return conflicts.value_missing(mapped, "e-mail", rules.email.source)
    if conflict := addresses.problem(context.addresses, context.lookup, rules, mapped, account):
        return conflict
    wanted = mapped.display_name
    if not wanted or wanted == account.display_name or (problem := check_display_name(wanted, names)) is None:
        return None
    proposed = propose_display_name(wanted, names)
    return conflicts.invalid_user_value(mapped.user, "display name", wanted, problem, proposed)
