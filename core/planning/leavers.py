"""Leavers: users that are inactive, deleted, missing, or out of scope where that counts as inactive.

What they lead goes to others first; then their account is deactivated, deleted, or kept. The memberships of an inactive
user stay, since the IdP does not repeat them when it enables the user again; those of a deleted user go.
"""

from core.planning import account_changes, directories, notes
from core.planning.mapping import MappedUser
from core.planning.names import account_key
from core.planning.notes import Note
from core.planning.user_decisions import NOTHING, Context, Decision, Holder, describe, grace_ends
from core.planning.values import Account, Capabilities

_SOON = 5_000
"""Milliseconds until the next plan for a leaver that waits for it."""


def stranger(context: Context, mapped: MappedUser) -> Decision:
    """An inactive user that was never provisioned: nothing happens, but an active account of that name is a note."""
    key = account_key(mapped.username or "")
    account = context.lookup.accounts_by_key.get(key)
    if account is None or not account.active or context.lookup.is_held(key) or key in context.claims:
        return NOTHING
    return Decision(notes=(Note(notes.UNLINKED_LEAVER, account.name),))


def leaver(context: Context, mapped: MappedUser, account: Account) -> Decision:
    """The user of a linked account leaves."""
    user, rules = mapped.user, context.rules
    ends = grace_ends(user, rules, context.lookup.world.now)
    if ends is not None:
        return Decision(notes=(Note(notes.IN_GRACE, describe(mapped)),), due=ends)
    holder = Holder(user, account.name, account) if user.deleted else None
    if not is_going(context, account):
        return Decision(holder=holder)
    if not _are_leads_known(context):
        return Decision(notes=(Note(notes.LEADS_UNREAD, describe(mapped)),), due=context.lookup.world.now + _SOON)
    moves, conflict = context.successors.of(user, account)
    if conflict is not None:
        return Decision(conflict=conflict)
    is_missing = user.missed_reads >= rules.missed_reads
    if _deletes(context):
        if directories.is_left_alone(user, account, rules):
            return Decision(notes=(Note(notes.LEFT_TO_DIRECTORY, account.name),), holder=holder)
        deletion = account_changes.deletion(user, account, is_missing=is_missing)
        if conflict := directories.changing(user, account, (deletion,)):
            return Decision(conflict=conflict)
        return Decision((*moves, deletion))
    deactivation = account_changes.deactivation(user, account, is_missing=is_missing)
    return Decision((*moves, deactivation), notes=_told(context, account), holder=holder)


def is_going(context: Context, account: Account) -> bool:
    """Whether anything is done to the account of a leaver whose grace period is over."""
    return goes(context.rules.when_inactive, account, context.lookup.world.capabilities)


def goes(when_inactive: str, account: Account, capabilities: Capabilities) -> bool:
    """The same, of an account by itself: an inactive one can only be deleted any more."""
    if when_inactive == "keep":
        return False
    return account.active or (when_inactive == "delete" and capabilities.delete_user is None)


def _are_leads_known(context: Context) -> bool:
    """Whether it is known what leavers lead: who became one since the target was asked may lead anything."""
    world = context.lookup.world
    return world.leads is not None or world.capabilities.leads is not None


def _deletes(context: Context) -> bool:
    return context.rules.when_inactive == "delete" and context.lookup.world.capabilities.delete_user is None


def _told(context: Context, account: Account) -> tuple[Note, ...]:
    """That a deletion became a deactivation."""
    reason = context.lookup.world.capabilities.delete_user
    if context.rules.when_inactive != "delete" or reason is None:
        return ()
    return (Note(notes.not_deleted(reason), account.name),)
