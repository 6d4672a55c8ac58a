"""The changes of accounts, one function for each kind: reason, premise and state after, and nothing decided.

Whether a change is due is decided in `core.planning.users`; here is only what it says.
"""

from collections.abc import Collection, Mapping, Sequence

from core.planning.changes import Because, Change, ChangeKind
from core.planning.mapping import MappedUser
from core.planning.rules import ANSWER
from core.planning.values import Account, SourceUser
from core.planning.wording import called, counted

_Fields = Mapping[str, str | bool | None]
_ACTIVE: _Fields = {"active": True}
_INACTIVE: _Fields = {"active": False}


def creation(mapped: MappedUser, name: str, attributes: Collection[str], *, keeps_id: bool) -> Change:
    """A new account for a user that has none, with those further attributes that it has a value for.

    `keeps_id`: the target keeps an immutable id of the user.
    """
    user = mapped.user
    after: dict[str, str | bool | None] = {
        "name": name,
        "display_name": mapped.display_name,
        "email": mapped.email,
        "active": True,
    }
    after |= {f"attributes.{each}": value for each, value in mapped.attributes.items() if value and each in attributes}
    if keeps_id:
        after["external_id"] = user.attributes.get("externalId") or user.id
    return Change(
        ChangeKind.CREATE_ACCOUNT,
        _because(user, f"{called(user)} is active at the IdP and has no account", "users.create"),
        account=name,
        user_id=user.id,
        after=after,
    )


def linking(user: SourceUser, account: Account, by: str = "name") -> Change:
    """Remember that an existing account belongs to the user; `by` is what the two have in common, or that an admin
    said so."""
    if by == "answer":
        text = f"An admin answered that '{account.name}' is the account of {called(user)}"
        return _change(ChangeKind.LINK_ACCOUNT, user, account, text, ANSWER, {}, {"name": account.name})
    what = f"maps to the name of account '{account.name}'" if by == "name" else f"has the {by} of '{account.name}'"
    text = f"{called(user)} {what}"
    return _change(ChangeKind.LINK_ACCOUNT, user, account, text, "users.matching", {}, {"name": account.name})


def deactivation(user: SourceUser, account: Account, *, is_missing: bool = False) -> Change:
    """The account of a leaver."""
    kind = ChangeKind.DEACTIVATE_ACCOUNT
    return _change(kind, user, account, *_leaving(user, is_missing=is_missing), _ACTIVE, _INACTIVE)


def deletion(user: SourceUser, account: Account, *, is_missing: bool = False) -> Change:
    """The account of a leaver, for good; `before` is all that is known of it."""
    seen = {"display_name": account.display_name, "email": account.email, "active": account.active}
    before: _Fields = {"name": account.name, **seen}
    kind = ChangeKind.DELETE_ACCOUNT
    return _change(kind, user, account, *_leaving(user, is_missing=is_missing), before, {})


def reactivation(user: SourceUser, account: Account) -> Change:
    """The account of a user that is active again."""
    text = f"{called(user)} is active at the IdP"
    kind = ChangeKind.REACTIVATE_ACCOUNT
    return _change(kind, user, account, text, "users.reactivate", _INACTIVE, _ACTIVE)


def rename(user: SourceUser, account: Account, name: str) -> Change:
    """The name of an account follows the user's."""
    text = f"{called(user)} maps to the account name '{name}' by now"
    before, after = {"name": account.name}, {"name": name}
    return _change(ChangeKind.RENAME_ACCOUNT, user, account, text, "users.rename", before, after)


def update(mapped: MappedUser, account: Account, attributes: Collection[str] = ()) -> Change | None:
    """Display name, e-mail and further attributes as the IdP has them; `None` when none differs.

    `None` on either side is unknown or not given, and never a difference.
    """
    email = "" if "email" in mapped.cleared else mapped.email
    display_name = "" if "display_name" in mapped.cleared else mapped.display_name
    pairs = (("display name", display_name, account.display_name), ("e-mail", email, account.email))
    differing = [field for field, wanted, seen in pairs if wanted is not None and seen is not None and wanted != seen]
    further = {
        name: (account.attributes.get(name, ""), value)
        for name, value in mapped.attributes.items()
        if name in attributes and account.attributes.get(name, "") != value
    }
    differing += [name.replace("_", " ") for name in further]
    if not differing:
        return None
    verb = "differs" if len(differing) == 1 else "differ"
    text = f"{_joined(differing)} of '{account.name}' {verb} from {called(mapped.user)}'s at the IdP"
    before = {"display_name": account.display_name, "email": account.email}
    after = {
        "display_name": display_name or account.display_name,
        "email": account.email if email is None else email,
    }
    before |= {f"attributes.{name}": seen for name, (seen, _) in further.items()}
    after |= {f"attributes.{name}": wanted for name, (_, wanted) in further.items()}
    return _change(ChangeKind.UPDATE_ACCOUNT, mapped.user, account, text, "users.update", before, after)


def _joined(fields: Sequence[str]) -> str:
    text = ", ".join(fields[:-1]) + (" and " if len(fields) > 1 else "") + fields[-1]
    return text[:1].upper() + text[1:]


def _leaving(user: SourceUser, *, is_missing: bool) -> tuple[str, str]:
    """Why an account goes: the sentence and the rule. `is_missing`: complete reads of the provider lack the user."""
    if user.deleted or not user.active:
        return f"{called(user)} is {'deleted' if user.deleted else 'inactive'} at the IdP", "users.when_inactive"
    if is_missing:
        text = f"{called(user)} was missing from {counted(user.missed_reads, 'complete read')} of the provider"
        return text, "users.missed_reads"
    return f"{called(user)} is out of scope", "users.when_out_of_scope"


def _change(
    kind: ChangeKind, user: SourceUser, account: Account, text: str, rule: str, before: _Fields, after: _Fields
) -> Change:
    return Change(
        kind,
        _because(user, text, rule),
        account=account.name,
        account_id=account.id,
        user_id=user.id,
        before=before,
        after=after,
    )


def _because(user: SourceUser, text: str, rule: str) -> Because:
    return Because(text, rule, user_id=user.id, exchange=user.exchange)
