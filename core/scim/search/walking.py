"""Looking at resources one by one, for what no column tells: in the order of creation, and not for ever."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson
from scim2_models import TooManyException
from sqlalchemy import Connection

from core.scim.representation import group_json, user_json
from core.scim.search.fields import Document
from core.scim.search.planning import Part
from core.store import listing, member_rows
from core.store.identities import Stored

MAX_EXAMINED = 200_000
"""Resources that one query may look at: about two seconds of work."""
_TOO_MANY = (
    "the query would have to look at more than {most:,} resources: compare userName, externalId, id, displayName, "
    "emails.value, members.value, groups.value, active or meta.lastModified, which are indexed, or sort by one of them"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One resource that matches."""

    part: int
    """Which of the plan's parts it is of."""
    stored: Stored
    document: Document


def walk(
    connection: Connection, provider: str, base_url: str, parts: Sequence[Part], begin: tuple[int, int] = (0, 0)
) -> Iterator[Found]:
    """All that match, part by part, each in the order of creation, from behind the part and key `begin`.

    :raises TooManyException: where more than `MAX_EXAMINED` would have to be looked at.
    """
    examined = 0
    for index in range(begin[0], len(parts)):
        part, after = parts[index], begin[1] if index == begin[0] else 0
        for chunk in listing.every(connection, provider, part.kind, part.condition, after):
            examined += len(chunk)
            if examined > MAX_EXAMINED:
                raise TooManyException(detail=_TOO_MANY.format(most=MAX_EXAMINED))
            for stored, document in _documents(connection, base_url, part, chunk):
                if part.matches is None or part.matches(document):
                    yield Found(index, stored, document)


def _documents(
    connection: Connection, base_url: str, part: Part, chunk: Sequence[tuple[Stored, bool]]
) -> Iterator[tuple[Stored, Document]]:
    """Each resource as it is shown; a user of whom it was never told has `active` all the same, as planning has it."""
    if part.kind == "Group":
        for stored, _ in chunk:
            members = member_rows.members(connection, stored.key) if "members" in part.linked else None
            yield stored, orjson.loads(group_json(base_url, stored, members))
        return
    groups = listing.groups_of(connection, [stored.key for stored, _ in chunk]) if "groups" in part.linked else {}
    for stored, is_active in chunk:
        document = orjson.loads(user_json(base_url, stored, groups.get(stored.key)))
        document.setdefault("active", is_active)
        yield stored, document
