"""What a page of delta says of users, groups and memberships, merged into what was known: by id, and again and again.

An item of a round that tells everything takes the place of what was known when it comes first, and adds to it when it
comes again; of all other rounds an item says only what changed: absent is unchanged, null is cleared. A membership
entry that is `@removed` ended, whatever reason it names; an object that is `@removed` is in the recycle bin
(`changed`), or gone (`deleted`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from core.graph.queries import NAME_OF
from core.store.graph_members import MemberKind, MirroredMember
from core.store.graph_objects import Mirrored, ObjectKind

Item = Mapping[str, Any]
_REMOVED = "@removed"
MEMBERS = "members@delta"
_MANAGER = "manager@delta"
_TYPES: Mapping[str, MemberKind] = {"#microsoft.graph.user": "user", "#microsoft.graph.group": "group"}


@dataclass(frozen=True, slots=True)
class PageOf:
    """Where a page belongs."""

    provider: str
    kind: ObjectKind
    round: int
    is_full: bool
    """Whether the round tells everything there is."""
    exchange: int | None = None


@dataclass(slots=True)
class Merged:
    """What of the mirror some pages change."""

    objects: dict[str, Mirrored] = field(default_factory=dict)
    members: dict[tuple[str, str], MirroredMember] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    """Groups that have no members any more."""
    renamed: set[str] = field(default_factory=set)
    """Users whose names or addresses changed: those who report to them show them."""


def merge(page: PageOf, items: Iterable[Item], known: Mapping[str, Mirrored], result: Merged) -> None:
    """Merge the page's items into the objects of their ids, in order, on top of what earlier pages changed."""
    for item in items:
        ident = str(item["id"])
        before = result.objects.get(ident) or known.get(ident)
        if _REMOVED in item:
            _take_away(page, item, before, result)
            continue
        result.objects[ident] = _merged(page, item, before)
        if page.kind == "user" and before is not None and is_renamed(before, result.objects[ident]):
            result.renamed.add(ident)
        for entry in item.get(MEMBERS) or ():
            member = _member(page, ident, entry)
            result.members[ident, member.member] = member


def read_object(page: PageOf, document: Item, before: Mirrored) -> Mirrored:
    """An object as an answer of its own tells it, whole."""
    manager = document.get("manager")
    after = replace(
        before,
        properties=orjson.dumps(_values(document)),
        manager=str(manager["id"]) if isinstance(manager, dict) else None,
        state="present",
        missed=0,
        exchange=page.exchange,
    )
    return replace(after, dirty=True)


def member_kind(entry: Item) -> MemberKind:
    """What a member is; devices, contacts and applications are neither user nor group."""
    return _TYPES.get(str(entry.get("@odata.type", "")), "other")


def _take_away(page: PageOf, item: Item, before: Mirrored | None, result: Merged) -> None:
    if before is None:  # a first round may tell what lies in the recycle bin
        return
    removed = item[_REMOVED]
    is_gone = isinstance(removed, dict) and removed.get("reason") == "deleted"
    after = replace(before, state="gone" if is_gone else "deleted", missed=0, round=page.round, exchange=page.exchange)
    result.objects[before.id] = replace(after, dirty=before.dirty or after.state != before.state)
    if page.kind == "group":
        result.ended.add(before.id)
        for key in [key for key in result.members if key[0] == before.id]:
            del result.members[key]


def _merged(page: PageOf, item: Item, before: Mirrored | None) -> Mirrored:
    is_first = before is None or (page.is_full and before.round < page.round)
    before = before or Mirrored(page.provider, str(item["id"]), page.kind)
    told = {} if is_first and page.is_full else before.document
    values = _values(told | {name: value for name, value in item.items() if "@" not in name})
    manager = _manager(None if is_first and page.is_full else before.manager, item.get(_MANAGER) or ())
    # One that was told in part, or comes back from the recycle bin without its groups, is read before it counts.
    is_whole = NAME_OF[page.kind] in values and before.state not in ("deleted", "gone")
    after = replace(
        before,
        properties=orjson.dumps(values),
        manager=manager,
        state="present" if is_whole else "unseen",
        missed=0,
        round=page.round,
    )
    is_news = before.dirty or after != replace(before, round=page.round)
    return replace(after, dirty=is_news, exchange=page.exchange if is_news else before.exchange)


def is_renamed(before: Mirrored, after: Mirrored) -> bool:
    """Whether a user has another name or address now, which those who report to them show."""
    if before.properties == after.properties:
        return False
    was, is_now = before.document, after.document
    return any(was.get(name) != is_now.get(name) for name in ("displayName", "mail", "userPrincipalName"))


def _values(document: Item) -> dict[str, Any]:
    """The properties that have a value, in an order that is always the same."""
    return {
        name: value
        for name, value in sorted(document.items())
        if value is not None and value != [] and name not in ("id", "manager") and not name.startswith("@")
    }


def _manager(before: str | None, entries: Iterable[Item]) -> str | None:
    manager = before
    for entry in entries:
        if _REMOVED not in entry:
            manager = str(entry["id"])
        elif manager == entry["id"]:
            manager = None
    return manager


def _member(page: PageOf, group: str, entry: Item) -> MirroredMember:
    return MirroredMember(
        page.provider, group, str(entry["id"]), member_kind(entry), _REMOVED not in entry, page.round,
        exchange=page.exchange,
    )  # fmt: skip
