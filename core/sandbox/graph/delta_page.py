"""One page of a delta round: objects as they are now, members in portions, and what is gone as removed."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.sandbox.graph.contents import Contents
from core.sandbox.graph.delta_round import RELATIONS, DeltaQuery, Round
from core.sandbox.graph.feed import Changed
from core.sandbox.graph.objects import Group, User
from core.sandbox.graph.properties import Document
from core.sandbox.graph.state import State


@dataclass(slots=True)
class Filled:
    """What a page shows, and where the next one goes on."""

    shown: list[Document]
    index: int
    offset: int


def fill_page(state: State, round_: Round, index: int, offset: int, *, size: int, minimal: bool) -> Filled:
    """Fill a page with up to `size` objects, and no more members than fit on one."""
    page = Filled([], index, offset)
    if state.quirks.repeats_objects and index and not offset:
        page.shown.append(_portion(state, round_, index - 1, slice(0, state.quirks.members_per_page), minimal)[0])
    room = state.quirks.members_per_page
    for _ in range(size):
        if page.index == len(round_.changes) or not room:
            break
        portion = slice(page.offset, page.offset + room)
        document, told, more = _portion(state, round_, page.index, portion, minimal)
        page.shown.append(document)
        room -= told
        if more:
            page.offset += told
            break
        page.index, page.offset = page.index + 1, 0
    return page


def _portion(state: State, round_: Round, index: int, portion: slice, minimal: bool) -> tuple[Document, int, bool]:
    """An object with a portion of what is related to it, how much that is, and whether there is more."""
    object_id, changed = round_.changes[index]
    tenant, query = state.tenant, round_.query
    item = (tenant.users if query.kind is User else tenant.groups).get(object_id)
    if item is None or object_id in tenant.deleted:
        reason = "deleted" if item is None else "changed"
        return {"id": object_id, "@removed": {"reason": reason}}, 0, False
    whole = changed.whole or changed.left
    document = {"id": object_id, **_properties(item, query, changed, whole=whole, minimal=minimal)}
    if not query.related:
        return document, 0, False
    related = round_.related.get(object_id) or list(_related(tenant, item, changed, whole=whole))
    if portion.stop < len(related):
        round_.related[object_id] = related
    entries = [_entry(tenant, other, joined) for other, joined in related[portion]]
    if entries:
        document[f"{RELATIONS[query.kind]}@delta"] = entries
    return document, len(entries), portion.stop < len(related)


def _properties(item: User | Group, query: DeltaQuery, changed: Changed, *, whole: bool, minimal: bool) -> Document:
    if whole or not minimal:
        return query.selection.show_set(item)
    return {name: value for name, value in query.selection.show(item).items() if name in changed.properties}


def _related(tenant: Contents, item: User | Group, changed: Changed, *, whole: bool) -> Iterable[tuple[str, bool]]:
    if not whole:
        return changed.related.items()
    if isinstance(item, User):
        present = [item.manager_id] if item.manager_id and item.manager_id not in tenant.deleted else []
    else:
        present = [each for each in tenant.memberships.members(item.id) if each not in tenant.deleted]
    known = set(present) if changed.related else ()
    gone = [(other, False) for other, joined in changed.related.items() if not joined and other not in known]
    return [*((other, True) for other in present), *gone]


def _entry(tenant: Contents, object_id: str, joined: bool) -> Document:
    entry: Document = {"@odata.type": tenant.type_of(object_id), "id": object_id}
    return entry if joined else {**entry, "@removed": {"reason": "deleted"}}
