"""Conflicts about which account is a user's, what it is called, and what its leaver leads."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, islice

from core.planning import resolutions, stakes
from core.planning.changes import Conflict
from core.planning.conflicts import of_user
from core.planning.matching import BY, Match
from core.planning.values import Account, Lead, Released, SourceUser
from core.planning.wording import called, counted, listed

_SHOWN = 20
"""How many things the evidence of one names."""


def unlinked_namesake(user: SourceUser, account: Account, proposed: str) -> Conflict:
    """C01: an account of the user's name is there, and names are not what accounts are matched by."""
    return of_user(
        "C01",
        user,
        f"An account '{account.name}' is there already",
        f"{called(user)} maps to '{account.name}', which belongs to no user; users.matching does not link by name.",
        {"account": account.name, "display name": account.display_name or "", "e-mail": account.email or ""},
        (
            resolutions.HOLD,
            resolutions.link(f"Links '{account.name}' to {called(user)} and keeps it up to date.", account.id),
            resolutions.create_under_other_name(proposed),
            resolutions.SKIP_ALWAYS_USER,
        ),
    )


def name_used_again(user: SourceUser, account: Account, proposed: str) -> Conflict:
    """C15: what the user has in common with the account says that it is theirs, and its immutable id says that it was
    another person's, whose content it has."""
    return of_user(
        "C15",
        user,
        f"Account '{account.name}' was another person's",
        f"{called(user)} maps to '{account.name}', but the target keeps the id of somebody else beside it. The name "
        "may have been given a second time, and the account have the other person's content.",
        {
            "account": account.name,
            "display name": account.display_name or "",
            "e-mail": account.email or "",
            "id kept there": account.external_id or "",
            "id of the user": user.attributes.get("externalId") or user.id,
        },
        (
            resolutions.create_under_other_name(proposed),
            resolutions.HOLD,
            resolutions.link("Links it to this user all the same: type its name."),
        ),
        {stakes.account(account.name)},
    )


def name_released(user: SourceUser, released: Released, account: Account | None, proposed: str) -> Conflict:
    """C15: manciple took the name from another person, whose content may be tied to it. `account` has it again."""
    name, link = released.name, "Links it to this user all the same: type its name."
    became = "was deleted" if released.how == "deleted" else "got another name"
    again = f"The account '{account.name}' that is there now" if account else f"A new account '{name}'"
    day = datetime.fromtimestamp(released.at / 1000, UTC).date().isoformat()
    return of_user(
        "C15",
        user,
        f"Account name '{name}' was another person's",
        f"'{name}' was the account of {released.whose} until it {became} on {day}. {again} may take over what that one "
        f"left: pages, mentions, permissions. {called(user)} is another person.",
        {
            "account": name,
            "was the account of": released.whose,
            "account id then": released.account_id,
            "until": day,
            "id of that user": released.external_id or released.user_id,
            "id of the user": user.attributes.get("externalId") or user.id,
            "proposed": proposed,
        },
        (
            resolutions.other_name(
                "Create under another name",
                f"Creates an account under a name you give, such as '{proposed}'"
                + ("." if account else f"; under '{name}' itself only if you type just that."),
                "account-name",
                proposed,
            ),
            resolutions.HOLD,
            *((resolutions.link(link),) if account else ()),
            resolutions.SKIP_ALWAYS_USER,
        ),
        {stakes.account(name)},
    )


def several_accounts(user: SourceUser, match: Match, proposed: str) -> Conflict:
    """C02: several accounts match the user."""
    by, number = BY[match.by], len(match.accounts)
    names = [account.name for account in match.accounts[:_SHOWN]]
    return of_user(
        "C02",
        user,
        f"{counted(number, 'account')} match {called(user)}",
        f"{called(user)} has the same {by} as {listed(names, number)}. "
        "None of them is linked while more than one matches.",
        {"matched by": by, by: listed(match.values), "accounts": listed(names, number, _SHOWN)},
        (
            resolutions.HOLD,
            resolutions.link("Links the user to the one of them that you choose."),
            resolutions.create_under_other_name(proposed),
            resolutions.edit_mapping("users.matching"),
        ),
        # Of very many the first few: all users of one address would have all accounts of it.
        map(stakes.account, names),
    )


def same_account(user: SourceUser, account: Account, claimants: Sequence[Sequence[SourceUser]]) -> Conflict:
    """C03: several users match one account. `claimants` are all of them, this one too, by what they match it by."""
    number = sum(map(len, claimants))
    first = islice(chain.from_iterable(claimants), _SHOWN + 1)
    others = [other.user_name for other in first if other.id != user.id]
    return of_user(
        "C03",
        user,
        f"{counted(number, 'user')} match account '{account.name}'",
        f"{called(user)} matches the same account as {listed(others, number - 1)}. "
        "None of them is linked while they do.",
        {"account": account.name, "userName": user.user_name, "others": listed(others, number - 1, _SHOWN)},
        (
            resolutions.HOLD,
            resolutions.link(f"Links '{account.name}' to this user; the others are planned without it.", account.id),
            resolutions.edit_mapping("users.matching"),
            resolutions.SKIP_ALWAYS_USER,
        ),
        {stakes.account(account.name)},
    )


def new_name_taken(
    user: SourceUser, account: Account, name: str, holder: str, proposed: str, claimants: Iterable[SourceUser]
) -> Conflict:
    """C12: the account is to be renamed, and the new name is somebody else's. `holder` says whose; `claimants` are to
    get an account of that name."""
    return of_user(
        "C12",
        user,
        f"'{account.name}' cannot be renamed to '{name}'",
        f"{called(user)} is '{name}' at the IdP now, a name that belongs to {holder}.",
        {"account": account.name, "new name": name, "belongs to": holder, "proposed": proposed},
        (
            resolutions.keep_name(account.name),
            resolutions.other_name(
                "Give it another name", f"Renames it to one you give, such as '{proposed}'.", "account-name", proposed
            ),
            resolutions.HOLD,
            resolutions.edit_mapping("users.username"),
        ),
        {stakes.account(name), *(stakes.user(claimant.id) for claimant in claimants)},
    )


def no_successor(
    user: SourceUser, account: Account, orphaned: Sequence[Lead], led: Sequence[Lead], turns_on: Iterable[str]
) -> Conflict:
    """C30: a leaver leads what nobody takes over. `orphaned` is that, of all that is `led`; `turns_on` are those who
    would if they could."""
    names = [f"{lead.kind} {lead.name} ({lead.project})" for lead in orphaned]
    told = of_user(
        "C30",
        user,
        f"Nobody takes over what '{account.name}' leads",
        f"{called(user)} leaves and leads {listed(names)}, for which no rule finds an active account. The "
        "account stays active, and keeps all that it leads, until somebody does.",
        {
            "account": account.name,
            "leads": str(len(led)),
            "without successor": listed(names, shown=_SHOWN),
            "manager": user.attributes.get("enterprise.manager", ""),
        },
        (
            resolutions.HOLD,
            resolutions.transfer("Gives all of it to the account you name, then goes on."),
            resolutions.edit_mapping("users.lead"),
        ),
        turns_on,
    )
    return replace(told, leads=tuple(replace(lead, roles={}) for lead in led))
