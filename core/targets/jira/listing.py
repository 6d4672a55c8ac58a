"""All accounts of a Jira, in the way that its version has; proved complete, or refused.

* 10.3 and later list them behind a cursor, which ends with `isLast`.
* Before, there is only a search. `.` finds everybody (JRASERVER-29069 names further ones, for versions where it does
  not). It gives no total and cuts its answer off: after 100 since 10.0 (JRASERVER-78660), after 1000 before
  (JRASERVER-65089), and may give the same page again when asked for the next. An answer that may be cut off is no list.

Whatever the way, the account behind the credential must be in it: it is there, so a list without it is not whole.
"""

from collections.abc import AsyncIterator
from typing import Any

from core.planning.names import account_key
from core.planning.values import Account
from core.targets.http import Query
from core.targets.jira import reading
from core.targets.jira.session import Session
from core.targets.protocol import CredentialFailed, IncompleteRead, NotFound, TargetError, Unsupported
from core.targets.whole_listings import broken

PAGE_SIZE = 1000
_LIST, _SEARCH = "/user/list", "/user/search"
_SMALLEST_CAP, _LARGEST_CAP = 100, 1000
_EVERYBODY = (".", "%", "_", '""')
_READ_AGAIN = "It is read again at the next synchronisation."


async def accounts(session: Session) -> AsyncIterator[Account]:
    """All accounts, inactive ones too.

    :raises IncompleteRead: when the listing broke off or does not add up.
    :raises Unsupported: when this version cannot list so many.
    """
    own = account_key(await session.known())
    found = False
    try:
        async for account in _by_cursor(session):
            found = found or account.key == own
            yield account
    except Unsupported:
        for account in await _by_search(session, own):
            yield account
        return
    if not found:
        raise _without_own(_LIST, own)


async def _by_cursor(session: Session) -> AsyncIterator[Account]:
    seen, cursors = set[str](), set[str]()
    cursor: str | None = None
    while True:
        page = await _page(session, cursor)
        values = page.get("values") if isinstance(page, dict) else None
        if not isinstance(values, list):
            raise broken(_LIST, len(seen), "the page has no list of values")
        for user in values:
            if (account := reading.account(user)) is not None:
                _once(account, seen, _LIST)
                yield account
        following = page.get("nextCursor")
        if page.get("isLast", following is None) is True:
            return
        cursor = None if following is None else str(following)
        # A cursor that leads nowhere answers an empty page that says it is the last, not an error.
        if cursor is None or cursor in cursors or not values:
            raise broken(_LIST, len(seen), "it is not the last page, and leads to no next one")
        cursors.add(cursor)


async def _page(session: Session, cursor: str | None) -> Any:
    try:
        return await session.read(_LIST, {"maxResults": PAGE_SIZE} | ({"cursor": cursor} if cursor else {}))
    except (CredentialFailed, IncompleteRead):
        raise
    except TargetError as error:
        if cursor is None:
            raise
        raise IncompleteRead(f"The listing {_LIST} broke off: {error.message}", remedy=error.remedy) from error


async def _by_search(session: Session, own: str) -> list[Account]:
    """The accounts that a search for everybody finds.

    The users whom Jira counts as licensed are checked against it: it is the one total that these versions tell.
    """
    before = await _licensed(session)
    for query in _EVERYBODY:
        found = await _searched(session, query)
        if any(account.key == own for account in found):
            break
    else:
        raise _without_own(_SEARCH, own)
    active = sum(account.active for account in found)
    licensed = min(before, await _licensed(session))
    if active < licensed:
        raise IncompleteRead(
            f"Jira's search for everybody found {active} active accounts, and its licence counts {licensed}.",
            remedy=_READ_AGAIN,
        )
    return found


async def _searched(session: Session, query: str) -> list[Account]:
    seen: set[str] = set()
    found: list[Account] = []
    users: list[Any] = []
    while True:
        page = await _search_page(session, query, max(0, len(users) - 1))
        if users and (not page or page[0].get("key") != users[-1].get("key")):
            raise _cut_off(len(users))  # it ignores where the page shall start, or ends before its end
        fresh = page[1:] if users else page
        users += fresh
        for user in fresh:
            if (account := reading.account(user)) is not None:
                _once(account, seen, _SEARCH)
                found.append(account)
        if len(page) >= _SMALLEST_CAP:
            continue  # asked again from the last one on, to see whether there are more
        if len(users) == _LARGEST_CAP:
            raise _cut_off(len(users))
        return found


async def _search_page(session: Session, query: str, start: int) -> list[Any]:
    asked: Query = {
        "username": query,
        "startAt": start,
        "maxResults": PAGE_SIZE,
        "includeActive": "true",
        "includeInactive": "true",
    }
    try:
        page = await session.read(_SEARCH, asked)
    except NotFound:
        return []
    if not isinstance(page, list) or not all(isinstance(user, dict) for user in page):
        raise broken(_SEARCH, start, "the answer is no list of users")
    return page


async def _licensed(session: Session) -> int:
    """The most users that any application counts."""
    counts = (each.get("userCount") for each in await session.applications())
    return max((count for count in counts if isinstance(count, int)), default=0)


def _once(account: Account, seen: set[str], path: str) -> None:
    if account.id in seen:
        raise IncompleteRead(f"The listing {path} has {account.name} twice.", remedy=_READ_AGAIN)
    seen.add(account.id)


def _without_own(path: str, own: str) -> IncompleteRead:
    return IncompleteRead(
        f"The listing {path} is not whole: it lacks {own}, the account behind the credential.", remedy=_READ_AGAIN
    )


def _cut_off(count: int) -> Unsupported:
    return Unsupported(
        f"This version of Jira cannot list all of its accounts: its search ends at {count}.",
        remedy="Upgrade it to 10.3 or later. Until then single users are provisioned as the provider sends them, and "
        "nothing is synchronised as a whole; or provision the Crowd that it takes its users from.",
    )
