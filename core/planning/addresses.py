"""E-mail addresses that a product refuses: what is none (C17), and what another account has, where it takes each only
once (C11)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.planning import resolutions, stakes
from core.planning.changes import Conflict, Resolution
from core.planning.conflicts import of_user
from core.planning.lookup import Lookup
from core.planning.mapping import MappedUser
from core.planning.names import check_email
from core.planning.rules import UserRules
from core.planning.values import Account, SourceUser
from core.planning.wording import called, listed


@dataclass(frozen=True, slots=True)
class Addresses:
    """Who has, or is to get, which address; empty where the product does not mind. Keys are in lower case."""

    accounts: Mapping[str, Sequence[Account]]
    newcomers: Mapping[str, Sequence[SourceUser]]
    """Those without an account."""


def addresses(lookup: Lookup, newcomers: Iterable[MappedUser]) -> Addresses:
    """The addresses of all accounts and newcomers."""
    if not lookup.world.capabilities.names.email_unique:
        return Addresses({}, {})
    accounts, users = defaultdict[str, list[Account]](list), defaultdict[str, list[SourceUser]](list)
    for account in lookup.accounts.values():
        if account.email:
            accounts[account.email.lower()].append(account)
    for mapped in newcomers:
        if mapped.email:
            users[mapped.email.lower()].append(mapped.user)
    return Addresses(accounts, users)


def problem(
    found: Addresses, lookup: Lookup, rules: UserRules, mapped: MappedUser, own: Account | None
) -> Conflict | None:
    """Why a user's address cannot be written, to its account `own` or to a new one."""
    now, wanted = (own.email if own else None) or "", mapped.email
    if not wanted or wanted == now:
        return None
    if refused := check_email(wanted, lookup.world.capabilities.names):
        return _invalid(mapped, refused, rules.email.source)
    if wanted.lower() == now.lower() or mapped.user.id in rules.answers.shared_email:
        return None
    return _taken(found, lookup, mapped, own)


def _invalid(mapped: MappedUser, problem: str, source: str) -> Conflict:
    user, address = mapped.user, mapped.email or ""
    return of_user(
        "C17",
        user,
        f"'{address}' is not a valid e-mail",
        f"The e-mail of {called(user)} {problem}, which the product refuses. It is made from '{source}'.",
        {"account": mapped.username or "", "attribute": source, "value": address, "problem": problem},
        (resolutions.edit_mapping("users.email"), resolutions.HOLD, resolutions.SKIP_ALWAYS_USER),
    )


def _taken(found: Addresses, lookup: Lookup, mapped: MappedUser, own: Account | None) -> Conflict | None:
    email = (mapped.email or "").lower()
    holders = [account for account in found.accounts.get(email, ()) if own is None or account.id != own.id]
    rivals = [user for user in found.newcomers.get(email, ()) if user.id != mapped.user.id] if own is None else []
    if not holders and not rivals:
        return None
    return _conflict(lookup, mapped, own, holders, rivals)


def _conflict(
    lookup: Lookup, mapped: MappedUser, own: Account | None, holders: Sequence[Account], rivals: Sequence[SourceUser]
) -> Conflict:
    user, email = mapped.user, mapped.email or ""
    names = [*(account.name for account in holders), *(called(rival) for rival in rivals)]
    free = [account for account in holders if not lookup.is_held(account.key)]
    whose = "is that of" if holders else "is to be that of"
    evidence = {"e-mail": email, "belongs to": listed(names), "account": own.name if own else mapped.username or ""}
    return of_user(
        "C11",
        user,
        f"E-mail '{email}' is in use",
        f"{called(user)} has '{email}', which {whose} {listed(names)} too; the product takes an address only once.",
        evidence | ({"e-mail now": own.email or ""} if own else {}),
        tuple(_answers(lookup, user, own, free[0] if len(free) == 1 else None)),
        {stakes.email(email)},
    )


def _answers(lookup: Lookup, user: SourceUser, own: Account | None, free: Account | None) -> Iterable[Resolution]:
    if own is not None:
        yield Resolution("K", "Keep its e-mail", f"'{own.name}' keeps the address that it has, whatever the IdP says.")
        yield resolutions.HOLD
    else:
        yield resolutions.HOLD
        if free is not None:
            yield resolutions.link(f"Links '{free.name}', which has the address, to {called(user)}.", free.id)
        if not lookup.world.capabilities.names.email_required:
            yield Resolution("N", "Create without e-mail", "Creates the account without an address, now and later.")
    yield Resolution("I", "Take the IdP's", "Writes the address all the same; the product may refuse it.")
    yield resolutions.edit_mapping("users.email")
    yield resolutions.SKIP_ALWAYS_USER
