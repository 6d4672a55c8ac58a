"""The components of many projects: a hundred projects at a time where Jira can, else one by one."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from core.targets.jira import reading
from core.targets.jira.paging import listed
from core.targets.jira.reading import Component, Project
from core.targets.jira.session import Session
from core.targets.protocol import IncompleteRead, NotFound, Unsupported

TOGETHER = 100
"""Projects asked about at a time, and components in a page: more makes the address too long."""


async def components(session: Session, projects: Sequence[Project]) -> Mapping[str, Sequence[Component]]:
    """Key of a project → its components.

    :raises IncompleteRead: when a listing broke off or does not add up.
    """
    found: defaultdict[str, list[Component]] = defaultdict(list)
    for start in range(0, len(projects), TOGETHER):
        for document in await _of_some(session, projects[start : start + TOGETHER]):
            if (component := reading.component(document)) is not None:
                found[component.project].append(component)
    return found


async def _of_some(session: Session, projects: Sequence[Project]) -> list[dict[str, Any]]:
    ids = ",".join(project.id for project in projects)
    pages = listed(session, "/component/page", {"projectIds": ids}, page_size=TOGETHER, identity="id")
    try:
        return [document async for document in pages]
    except (NotFound, Unsupported):  # where it is not offered, "page" is taken for the id of a component
        listings = await asyncio.gather(*(_of_one(session, project.key) for project in projects))
        return [document for listing in listings for document in listing]


async def _of_one(session: Session, project: str) -> list[dict[str, Any]]:
    try:
        document = await session.read(f"/project/{project}/components", subject=project)
    except NotFound:  # the project went meanwhile
        return []
    if not isinstance(document, list):
        raise IncompleteRead(f"Jira answered with something that is no list of the components of {project}.")
    return document
