"""Who and what of the directory is in scope, as Entra's own provisioning decides it.

`assigned`: users assigned to the enterprise application, groups assigned to it, and their direct members. Named groups:
these, and their direct members. Nested groups count on request only. Who is out of scope becomes inactive.
Source: Microsoft, "How provisioning works", assignment-based scoping; "Scoping filters".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from core.config.graph_settings import GraphSettings
from core.graph.documents import user_document, user_name
from core.planning.rules import AttributeCheck
from core.planning.scope import holds
from core.planning.values import SourceUser
from core.store import graph_feeds, graph_members, graph_objects
from core.store.attributes import flattened
from core.store.graph_objects import Mirrored

_GUEST = "guest"


@dataclass(frozen=True, slots=True)
class ScopeView:
    """The scope of one provider at one moment."""

    everybody: bool
    groups: frozenset[str]
    """Object ids of the groups in scope."""
    reach: Mapping[str, frozenset[str]]
    """Group → the groups in scope whose members its own members are: itself, and with nesting those around it."""
    users: frozenset[str] = frozenset()
    """Object ids of the users in scope for their own sake."""
    guests: bool = True
    where: tuple[AttributeCheck, ...] = ()
    nested: bool = False
    inner: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Group in scope → the groups whose members are its members: itself, and with nesting those inside it."""

    def members_count_in(self, group: str) -> Collection[str]:
        """The groups whose direct members are members of this one."""
        return self.inner.get(group, frozenset({group}))

    def has_user(self, user: Mirrored, groups: Collection[str]) -> bool:
        """Whether a user is in scope, who is a direct member of `groups`."""
        properties = user.document
        if not self.guests and str(properties.get("userType") or "").lower() == _GUEST:
            return False
        is_meant = self.everybody or user.id in self.users or any(group in self.reach for group in groups)
        return is_meant and (not self.where or _fulfils(properties, self.where))


def scope_of(connection: Connection, provider: str, settings: GraphSettings) -> ScopeView:
    """The scope that the settings choose in the mirror as it is now."""
    groups, users = _chosen(connection, provider, settings)
    inner = _inner(graph_members.nested_in(connection, provider) if settings.nested else {}, groups)
    reach: dict[str, set[str]] = {}
    for outer, inners in inner.items():
        for each in inners:
            reach.setdefault(each, set()).add(outer)
    return ScopeView(
        everybody=settings.scope == "all",
        groups=groups,
        reach={group: frozenset(outer) for group, outer in reach.items()},
        users=users,
        guests=settings.guests,
        where=settings.where,
        nested=settings.nested,
        inner=inner,
    )


def fingerprint(settings: GraphSettings) -> str:
    """The settings that decide who is in scope, as text: where it differs, everybody is looked at again."""
    return repr(
        (settings.scope, settings.application, settings.nested, settings.guests, settings.where, settings.details)
    )


def _chosen(connection: Connection, provider: str, settings: GraphSettings) -> tuple[frozenset[str], frozenset[str]]:
    present = dict(graph_objects.present_groups(connection, provider))
    if settings.scope == "all":
        return frozenset(present), frozenset()
    if settings.scope == "assigned":
        assigned = graph_feeds.assignments(connection, provider)
        groups = frozenset(each for each, kind in assigned.items() if kind == "group" and each in present)
        return groups, frozenset(each for each, kind in assigned.items() if kind == "user")
    wanted = {name.casefold() for name in settings.scope}
    return frozenset(each for each, name in present.items() if name.casefold() in wanted), frozenset()


def _inner(nested: Mapping[str, Collection[str]], groups: Collection[str]) -> dict[str, frozenset[str]]:
    """Each group with all groups inside it, through any number of others; circles do no harm."""
    return {group: frozenset(_walk(nested, group)) for group in groups}


def _walk(nested: Mapping[str, Collection[str]], start: str) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for each in nested.get(waiting.pop(), ()):
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return seen


def _fulfils(properties: Mapping[str, object], where: Sequence[AttributeCheck]) -> bool:
    own = {name: value for name, value in properties.items() if isinstance(value, str)}
    mapped = flattened(user_document(properties, active=True, manager=None))
    user = SourceUser(id="", user_name=user_name(properties), active=True, attributes=own | mapped)
    return all(holds(check, user) for check in where)
