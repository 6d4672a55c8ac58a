"""User directories in the way of an account: another one has its name too, or only its own can change it (C37).

A product that reads several directories shows, of several accounts of one name, that in the first of them. What is done
under such a name happens to that one, whoever was meant.
"""

from collections.abc import Iterable

from core.planning import resolutions, stakes
from core.planning.changes import Change, ChangeKind, Conflict, Resolution
from core.planning.conflicts import of_user
from core.planning.rules import UserRules
from core.planning.values import Account, Link, SourceUser
from core.planning.wording import called, listed

_OF_VALUES = frozenset({ChangeKind.UPDATE_ACCOUNT, ChangeKind.RENAME_ACCOUNT, ChangeKind.DELETE_ACCOUNT})
"""What a read-only directory refuses."""
_ELSEWHERE = "What is to be changed of it, change there."


def unlinked(user: SourceUser, account: Account, wanted: str | None, proposed: str) -> Conflict | None:
    """What is in the way of linking an account that is there; `wanted` is the directory that accounts shall be in."""
    if account.hides:
        return _told(user, account, f"'{account.name}' is in several directories", _hiding(account), proposed)
    if account.read_only:
        where = f"user directory '{account.directory}'" if account.directory else "a user directory"
        text = f"It comes from {where}, which cannot be written. {_ELSEWHERE}"
        return _told(user, account, f"'{account.name}' is in a read-only directory", text, proposed)
    if wanted is None or account.directory in (None, wanted):
        return None
    text = f"It is in user directory '{account.directory}', and accounts shall be in '{wanted}'."
    return _told(user, account, f"'{account.name}' is in another directory", text, proposed)


def changing(user: SourceUser, account: Account, changes: Iterable[Change]) -> Conflict | None:
    """What is in the way of changing a linked account."""
    kinds = [change.kind for change in changes if change.kind in _OF_VALUES]
    is_renamed = ChangeKind.RENAME_ACCOUNT in kinds and bool(account.hides)
    if not kinds or not (account.read_only or is_renamed):
        return None
    reason = _hiding(account) if is_renamed else f"Its user directory cannot be written. {_ELSEWHERE}"
    return of_user(
        "C37",
        user,
        f"'{account.name}' can be changed in its directory only",
        f"Account '{account.name}' of {called(user)} is not as the IdP has it. {reason}",
        _evidence(account) | {"changes": listed(list(map(str, kinds)))},
        (resolutions.HOLD, _leave("Its values stay as they are; its groups follow the IdP.", account), _LEFT_OUT),
    )


def hidden(user: SourceUser, link: Link, namesake: Account) -> Conflict:
    """The linked account is not seen any more, since another directory has one of its name and stands before it."""
    return of_user(
        "C37",
        user,
        f"Account '{link.account_name}' of {called(user)} is hidden",
        f"{called(user)} is linked to '{link.account_name}', of which another directory has one too. "
        f"{_hiding(namesake)} Move the directory of the linked one to the top, or link the one that counts.",
        _evidence(namesake) | {"account id": link.account_id, "account id now": namesake.id},
        (
            resolutions.HOLD,
            resolutions.link(f"Links '{namesake.name}', as it is seen, instead of the hidden one.", namesake.id),
            _LEFT_OUT,
        ),
        {stakes.account(namesake.name)},
    )


def is_left_alone(user: SourceUser, account: Account, rules: UserRules) -> bool:
    """Whether an admin said that the account's values are its directory's."""
    return user.id in rules.answers.kept and bool(account.read_only or account.hides)


_LEFT_OUT = resolutions.SKIP_ALWAYS_USER


def _leave(consequence: str, account: Account) -> Resolution:
    return Resolution("K", "Leave it to its directory", consequence, None, account.id)


def _told(user: SourceUser, account: Account, title: str, text: str, proposed: str) -> Conflict:
    link = (
        _leave(f"Links '{account.name}'; its values stay as they are, its groups follow the IdP.", account)
        if account.read_only
        else resolutions.link(f"Links '{account.name}', as it is seen, to {called(user)}.", account.id)
    )
    return of_user(
        "C37",
        user,
        title,
        f"{called(user)} maps to '{account.name}', which belongs to no user. {text}",
        _evidence(account),
        (resolutions.HOLD, link, resolutions.create_under_other_name(proposed), _LEFT_OUT),
        {stakes.account(account.name)},
    )


def _hiding(account: Account) -> str:
    first = f"'{account.directory}'" if account.directory else "the first directory"
    others = listed([f"'{name}'" for name in account.hides])
    return f"The account in {first} counts and hides that in {others}."


def _evidence(account: Account) -> dict[str, str]:
    known = {
        "account": account.name,
        "display name": account.display_name or "",
        "e-mail": account.email or "",
        "directory": account.directory or "",
        "hides": listed(account.hides),
        "read-only": "yes" if account.read_only else "",
    }
    return {name: value for name, value in known.items() if value}
