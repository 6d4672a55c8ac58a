"""Single accounts, found by name or by id, with all their groups.

Bitbucket has no look-up by the whole name or by id for administrators, only a filter that finds parts of names, full
names and addresses. So what it finds is compared, and an id is looked for in the listing of all.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from core.planning.names import account_key, group_key
from core.planning.values import Account, TargetGroup
from core.targets.bitbucket import marks, reading
from core.targets.bitbucket.paging import Item, by, listed
from core.targets.bitbucket.permissions import Permissions, Rights
from core.targets.bitbucket.session import Session
from core.targets.lookups import READ_AGAIN
from core.targets.protocol import IncompleteRead, NotFound

_USERS = "/admin/users"


@dataclass(frozen=True, slots=True)
class Found:
    """One account as it is in Bitbucket."""

    account: Account
    """Without its groups, and active as its directory says."""
    groups: tuple[TargetGroup, ...]
    """All that it is in, manciple's own too."""
    has_fixed_groups: bool
    """Its groups can be changed in its directory only."""


class Accounts:
    """The accounts of one Bitbucket."""

    def __init__(self, session: Session, permissions: Permissions) -> None:
        self._session = session
        self._permissions = permissions
        self._names: dict[str, str] = {}
        """Id of an account → its name when it was last read: the first guess when it is looked for by its id."""

    def all(self, part: str = "") -> AsyncIterator[Item]:
        """The user objects of all accounts, or of those that have this in their name, full name or address.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        query = {"filter": part} if part else {}
        return listed(self._session, _USERS, query, identity=by("id"), subject=part)

    def note(self, user: Item) -> Account:
        """The account that a user object is about, noted by its id."""
        account = reading.account(user)
        self._names[account.id] = account.name
        return account

    async def find(self, name: str) -> Found | None:
        """The account of that name; `None` when there is none.

        :raises IncompleteRead: when it was renamed or deleted while it was read.
        """
        user = await self._user(name)
        return None if user is None else await self._with_groups(user)

    async def find_by_id(self, id: str) -> Found | None:
        """The account with that id; `None` when there is none."""
        guess = await self._user(self._names[id]) if id in self._names else None
        if guess is not None and reading.account(guess).id == id:
            return await self._with_groups(guess)
        async for user in self.all():
            if self.note(user).id == id:
                return await self._with_groups(user)
        return None

    async def existing(self, name: str) -> Found:
        """The account of that name.

        :raises NotFound: when there is none.
        """
        found = await self.find(name)
        if found is None:
            raise NotFound(f"There is no account {name}.", remedy="Synchronise the target.", status=404)
        return found

    async def rights(self, found: Found) -> Rights:
        """By what it may log in."""
        return await self._permissions.rights(found.account.name, found.groups)

    async def shown(self, found: Found) -> Account:
        """The account as manciple sees it: without its own groups; inactive where it deactivated it, and then in all
        groups that it gets back."""
        active, keys = found.account.active, {group.key for group in marks.real(found.groups)}
        if await self.is_deactivated(found):
            active = False
            keys |= {group_key(group) for group in marks.remembered(found.groups).groups}
        return replace(found.account, active=active, groups=frozenset(keys))

    async def is_deactivated(self, found: Found) -> bool:
        """Whether something was taken from it and nothing lets it in.

        Otherwise not all is taken yet, or somebody has let it in again.
        """
        if not marks.marks(found.groups) or await self.rights(found):
            return False
        return marks.is_finished(found.groups) or not await self._permissions.still_lets_in(found.account.name)

    async def _user(self, name: str) -> Item | None:
        async for user in self.all(name):
            if self.note(user).key == account_key(name):
                return user
        return None

    async def _with_groups(self, user: Item) -> Found:
        account = reading.account(user)
        query = {"context": account.name}
        pages = listed(self._session, f"{_USERS}/more-members", query, identity=by("name"), subject=account.name)
        try:
            groups = tuple([reading.group(item) async for item in pages])
        except NotFound as error:
            raise _moved(account) from error
        if not groups:  # nobody has none either, where Bitbucket does not say that there is nobody
            again = await self._user(account.name)
            if again is None or reading.account(again).id != account.id:
                raise _moved(account)
        return Found(account, groups, user.get("mutableGroups") is False)


def _moved(account: Account) -> IncompleteRead:
    return IncompleteRead(f"{account.name} was renamed or deleted while it was read.", remedy=READ_AGAIN)
