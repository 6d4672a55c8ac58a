"""Who is in the roles of projects: users by name, and the active members of groups."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from core.planning.names import account_key
from core.targets.jira import reading
from core.targets.jira.paging import listed
from core.targets.jira.session import Session
from core.targets.protocol import IncompleteRead, NotFound

MEMBERS_PAGE = 50
"""The most that Jira gives at once."""


class Roles:
    """Reads roles of one name after another; what is known of a user or a group is not asked for again."""

    def __init__(self, session: Session, names: Collection[str]) -> None:
        self._session = session
        self._names = names
        self._ids: dict[str, str] | None = None
        self._lock = asyncio.Lock()
        self._users: dict[str, bool] = {}
        self._groups: dict[str, tuple[str, ...]] = {}

    async def of(self, project: str) -> Mapping[str, tuple[str, ...]]:
        """Role → keys of its active members' names, in the order of names, for a project by its key."""
        if not self._names:
            return {}
        async with self._lock:  # the roles are the same in all projects
            if self._ids is None:
                self._ids = await self._read_ids(project)
        return {name: await self._members(project, ident) for name, ident in self._ids.items()}

    async def _read_ids(self, project: str) -> dict[str, str]:
        urls = await self._session.read(f"/project/{project}/role", subject=project)
        if not isinstance(urls, dict):
            raise IncompleteRead("Jira answered with something that is no list of roles.")
        return {name: str(url).rpartition("/")[2] for name, url in urls.items() if name in self._names}

    async def _members(self, project: str, role: str) -> tuple[str, ...]:
        document = await self._session.read(f"/project/{project}/role/{role}", subject=project)
        actors = document.get("actors") if isinstance(document, dict) else None
        if not isinstance(actors, list):
            raise IncompleteRead(f"Jira answered with a role of {project} without its members.")
        members: set[str] = set()
        for actor in actors:
            members.update(await self._expanded(actor))
        return tuple(sorted(members))

    async def _expanded(self, actor: Any) -> tuple[str, ...]:
        name = str(actor.get("name") or "") if isinstance(actor, dict) else ""
        if "group" in str(actor.get("type")):
            if name not in self._groups:
                self._groups[name] = await self._members_of(name)
            return self._groups[name]
        if name not in self._users:
            self._users[name] = await self._is_active(name)
        return (account_key(name),) if self._users[name] else ()

    async def _members_of(self, group: str) -> tuple[str, ...]:
        query = {"groupname": group, "includeInactiveUsers": "false"}
        pages = listed(self._session, "/group/member", query, page_size=MEMBERS_PAGE, identity="key", subject=group)
        try:
            accounts = [reading.account(user) async for user in pages]
        except NotFound:  # a group that is gone leaves its name behind in a role
            return ()
        return tuple(account.key for account in accounts if account and account.active)

    async def _is_active(self, name: str) -> bool:
        try:
            account = reading.account(await self._session.read("/user", {"username": name}, subject=name))
        except NotFound:
            return False
        return account is not None and account.active
