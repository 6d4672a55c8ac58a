"""The projects and components that accounts lead: listed, looked up, and given to others.

Jira has no search by lead: all projects are read with their leads, and all of their components. Whether the lead of an
archived project can be deactivated, and whether an archived project can be given another lead, is not documented. So
archived projects are left alone until Jira has refused a deactivation because of one (`explained`).
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from urllib.parse import quote

from core.planning.names import account_key
from core.planning.values import Account, Lead
from core.targets.jira import reading
from core.targets.jira.components import components
from core.targets.jira.reading import Component, Project
from core.targets.jira.roles import Roles
from core.targets.jira.session import Session
from core.targets.protocol import IncompleteRead, NotFound, Refused

MOST_NAMED = 20
"""Things that one message names."""
AT_ONCE = 16
"""Projects whose roles are asked for at a time; how many calls are in flight is the target's own limit."""


class Leads:
    """The leads of one Jira."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._with_archived = False

    async def all(self, roles: Collection[str]) -> AsyncIterator[Lead]:
        """All that somebody leads, with the members of these roles of the projects.

        :raises IncompleteRead: when a listing broke off or does not add up.
        """
        projects = [each for each in await self._projects() if self._with_archived or not each.archived]
        parts = await components(self._session, projects)
        led = [each for each in projects if each.lead or any(part.lead for part in parts.get(each.key, ()))]
        asked = Roles(self._session, roles)
        for start in range(0, len(led), AT_ONCE):
            some = led[start : start + AT_ONCE]
            members = await asyncio.gather(*(asked.of(project.key) for project in some))
            for project, found in zip(some, members, strict=True):
                if project.lead:
                    yield Lead("project", project.key, project.key, project.name, project.lead, found)
                for part in parts.get(project.key, ()):
                    if part.lead:
                        yield Lead("component", part.id, part.project, part.name, part.lead, found, project.lead)
        # Anonymous visitors, whom a dead token makes us, are shown fewer projects without a word.
        await self._session.known()

    async def find(self, key: str) -> Lead | None:
        """One project or component by `Lead.key`; `None` when it is gone or nobody leads it."""
        kind, _, ident = key.partition(":")
        if kind == "component":
            part = await self._component(ident)
            if part is None or part.lead is None:
                return None
            project = await self._project(part.project)
            above = project.lead if project else None
            return Lead("component", part.id, part.project, part.name, part.lead, project_lead=above)
        project = await self._project(ident)
        if project is None or project.lead is None:
            return None
        return Lead("project", project.key, project.key, project.name, project.lead)

    async def move(self, key: str, to: Account | None, name: str) -> None:
        """Give a project or component to the account `to`, which was found under `name`.

        A component keeps its kind of assignee: where that is its lead, its new issues go to the new one.

        :raises Refused: when there is no such account, or it is not active; Jira is not asked then.
        :raises NotFound: when the project or component is gone.
        """
        if to is None or not to.active:
            raise Refused(
                f"{name or 'Nobody'} cannot lead: there is no active account of that name.",
                remedy="Name another successor, or activate the account first.",
            )
        kind, _, ident = key.partition(":")
        if kind == "project":
            await self._put(f"/project/{quote(ident, safe='')}", {"lead": to.name}, ident, ident)
            return
        part = await self._component(ident)
        if part is None:
            raise NotFound(f"The component {ident} is gone.", remedy="Synchronise the target.", status=404)
        document = {"leadUserName": to.name} | ({"assigneeType": part.assignee_type} if part.assignee_type else {})
        await self._put(f"/component/{quote(ident, safe='')}", document, part.project, part.name)

    async def explained(self, name: str, error: Refused) -> Refused:
        """What keeps an account from being deactivated, all of it: Jira's answer names only projects, or only those
        of components.
        """
        key = account_key(name)
        projects = await self._projects()
        found = await components(self._session, projects)
        parts = [part for project in sorted(found) for part in found[project]]
        led = [project for project in projects if project.lead == key]
        led_parts = [part for part in parts if part.lead == key]
        archived = {project.key for project in projects if project.archived}
        things = [f"project {project.key}" for project in led]
        things += [f"component '{part.name}' of {part.project}" for part in led_parts]
        if not things:
            return Refused(
                f"{error.message} None of it can be seen with this credential.",
                remedy="Give the account behind it the permission Browse Projects there, or move the lead in Jira.",
                status=error.status,
            )
        hindering = archived & ({project.key for project in led} | {part.project for part in led_parts})
        self._with_archived = self._with_archived or bool(hindering)
        return Refused(
            f"Jira does not deactivate {name}, who leads {_listed(things)}.",
            remedy="Synchronise the target again: what it leads is given to a successor first."
            + (
                f" If it is refused again, restore {', '.join(sorted(hindering))} from the archive."
                if hindering
                else ""
            ),
            status=error.status,
        )

    async def visible(self) -> int:
        """How many projects the account behind the credential can see."""
        return len(await self._projects())

    async def _put(self, path: str, document: object, project: str, what: str) -> None:
        try:
            await self._session.write("PUT", path, document, subject=what)
        except NotFound:
            raise
        except Refused as error:
            found = await self._project(project)
            if found is None or not found.archived:
                raise
            raise Refused(
                f"Jira does not give {what} another lead, because {project} is archived.",
                remedy=f"Restore {project} from the archive, synchronise, and archive it again.",
                status=error.status,
            ) from error

    async def _projects(self) -> Sequence[Project]:
        document = await self._session.read("/project", {"expand": "lead", "includeArchived": "true"})
        if not isinstance(document, list):
            raise IncompleteRead("Jira answered with something that is no list of projects.")
        projects = [reading.project(each) for each in document]
        if len({project.key for project in projects}) != len(projects):
            raise IncompleteRead("Jira's list of projects has one twice.")
        return projects

    async def _project(self, key: str) -> Project | None:
        try:
            path = f"/project/{quote(key, safe='')}"
            return reading.project(await self._session.read(path, {"expand": "lead"}, subject=key))
        except NotFound:
            return None

    async def _component(self, ident: str) -> Component | None:
        try:
            return reading.component(await self._session.read(f"/component/{quote(ident, safe='')}", subject=ident))
        except NotFound:
            return None


def _listed(things: Sequence[str]) -> str:
    rest = len(things) - MOST_NAMED
    return ", ".join(things[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
