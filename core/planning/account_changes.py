"""The changes of accounts, one function for each kind: reason, premise and state after, and nothing decided.

Whether a change is due is decided in `core.planning.users`; here is only what it says.
"""

from collections.abc import Mapping

from core.planning.changes import Because, Change, ChangeKind
from core.planning.mapping import MappedUser
from core.planning.values import Account, SourceUser
from core.planning.wording import called

_Fields = Mapping[str, str | bool | None]
_ACTIVE: _Fields = {"active": True}
_INACTIVE: _Fields = {"active": False}


def creation(mapped: MappedUser, name: str) -> Change:
    """A new account for a user that has none."""
    user = mapped.user
    return Change(
        ChangeKind.CREATE_ACCOUNT,
        _because(user, f"{called(user)} is active at the IdP and has no account", "users.create"),
        account=name,
        user_id=user.id,
        after={"name": name, "display_name": mapped.display_name, "email": mapped.email, "active": True},
    )


def linking(user: SourceUser, account: Account) -> Change:
    """Remember that an existing account belongs to the user."""
    text = f"{called(user)} maps to the name of account '{account.name}'"
    return _change(ChangeKind.LINK_ACCOUNT, user, account, text, "users.username", {}, {"name": account.name})


def deactivation(user: SourceUser, account: Account) -> Change:
    """The account of a leaver."""
    text = f"{called(user)} is {'deleted' if user.deleted else 'inactive'} at the IdP"
    kind = ChangeKind.DEACTIVATE_ACCOUNT
    return _change(kind, user, account, text, "users.when_inactive", _ACTIVE, _INACTIVE)


def reactivation(user: SourceUser, account: Account) -> Change:
    """The account of a user that is active again."""
    text = f"{called(user)} is active at the IdP"
    kind = ChangeKind.REACTIVATE_ACCOUNT
    return _change(kind, user, account, text, "users.reactivate", _INACTIVE, _ACTIVE)


def update(mapped: MappedUser, account: Account) -> Change | None:
    """Display name and e-mail as the IdP has them; `None` when neither differs.

    `None` on either side is unknown or not given, and never a difference.
    """
    pairs = (("display name", mapped.display_name, account.display_name), ("e-mail", mapped.email, account.email))
    differing = [field for field, wanted, seen in pairs if wanted is not None and seen is not None and wanted != seen]
    if not differing:
        return None
    verb = "differs" if len(differing) == 1 else "differ"
    text = f"{' and '.join(differing).capitalize()} of '{account.name}' {verb} from {called(mapped.user)}'s at the IdP"
    before = {"display_name": account.display_name, "email": account.email}
    after = {"display_name": mapped.display_name or account.display_name, "email": mapped.email or account.email}
    return _change(ChangeKind.UPDATE_ACCOUNT, mapped.user, account, text, "users.update", before, after)


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
