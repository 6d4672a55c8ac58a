"""One page of what a query finds: by its number or behind a cursor, by SQL alone or by looking at each resource."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import Connection

from core.scim.search.asked import Asked
from core.scim.search.cursors import Position
from core.scim.search.planning import Part, Plan
from core.scim.search.sorting import Entry, after, entry_of, in_order
from core.scim.search.walking import walk
from core.store import identities, listing
from core.store.identities import Kind, Stored
from core.store.listing import Order, Place

Row = tuple[Kind, Stored]


@dataclass(frozen=True, slots=True)
class Page:
    """What of a query's findings is shown."""

    total: int
    """All findings; of pages by cursor, as many as there were when the first one was made."""
    rows: list[Row]
    next: Position | None = None
    """Where the page behind it begins; `None` behind the last one, and for pages by index."""


@dataclass(frozen=True, slots=True)
class Searching:
    """A query while it is answered."""

    connection: Connection
    provider: str
    base_url: str
    plan: Plan
    asked: Asked

    def page(self, begin: Position | None) -> Page:
        """The page that was asked for; of pages by cursor the one behind `begin`.

        :raises TooManyException: where too many resources would have to be looked at one by one.
        """
        if self.plan.is_sql:
            return self._counted_page() if begin is None else self._page_behind(begin)
        if self.plan.is_sorted:
            return self._sorted_page(begin)
        return self._examined_page() if begin is None else self._examined_behind(begin)

    @property
    def _order(self) -> Order | None:
        name = self.plan.sql_order if self.plan.is_sorted else None
        return None if name is None else Order(name, self.asked.is_descending)

    def _total(self, part: Part) -> int:
        if part.is_whole:
            return identities.live_count(self.connection, self.provider, part.kind)
        return listing.count(self.connection, self.provider, part.kind, part.condition)

    def _counted_page(self) -> Page:
        total, rows, offset = 0, list[Row](), self.asked.start - 1
        for part in self.plan.parts:
            found, count = self._slice(part, max(offset - total, 0), self.asked.count - len(rows))
            rows += ((part.kind, stored) for stored in found)
            total += count
        return Page(total, rows)

    def _slice(self, part: Part, offset: int, limit: int) -> tuple[Sequence[Stored], int]:
        """Some of what a part finds, and how much that is in all: counted only where the page does not tell."""
        if part.is_whole and not self.plan.is_sorted and limit:
            total, rows = identities.page(self.connection, self.provider, part.kind, offset, limit)
            return rows, total
        places = self._places(part, limit, offset=offset) if limit else []
        tells = len(places) < limit and (places or not offset)
        total = offset + len(places) if tells else self._total(part)
        return listing.at(self.connection, part.kind, [place.key for place in places]), total

    def _places(self, part: Part, limit: int, *, offset: int = 0, behind: Place | None = None) -> list[Place]:
        return listing.places(
            self.connection,
            self.provider,
            part.kind,
            part.condition,
            limit,
            order=self._order,
            offset=offset,
            after=behind,
        )

    def _page_behind(self, begin: Position) -> Page:
        total = sum(map(self._total, self.plan.parts)) if begin.total is None else begin.total
        wanted = self.asked.count
        found: list[tuple[int, Place]] = []
        for index in range(begin.part, len(self.plan.parts)):
            behind = Place(begin.key, begin.value) if index == begin.part and begin.key else None
            places = self._places(self.plan.parts[index], wanted + 1 - len(found), behind=behind)
            found += ((index, place) for place in places)
            if len(found) > wanted:
                break
        rows = self._at([(index, place.key) for index, place in found[:wanted]])
        if not wanted or len(found) <= wanted:
            return Page(total, rows)
        index, last = found[wanted - 1]
        return Page(total, rows, Position(index, last.key, last.value, total))

    def _examined_page(self) -> Page:
        total, rows, start = 0, list[Row](), self.asked.start
        for found in walk(self.connection, self.provider, self.base_url, self.plan.parts):
            total += 1
            if start <= total < start + self.asked.count:
                rows.append((self.plan.parts[found.part].kind, found.stored))
        return Page(total, rows)

    def _examined_behind(self, begin: Position) -> Page:
        if begin.total is None:
            page = self._examined_page()
            begin = replace(begin, total=page.total)
        assert begin.total is not None
        wanted, origin = self.asked.count, (begin.part, begin.key)
        walked = walk(self.connection, self.provider, self.base_url, self.plan.parts, origin)
        found = list(islice(walked, wanted + 1))
        rows = [(self.plan.parts[each.part].kind, each.stored) for each in found[:wanted]]
        if not wanted or len(found) <= wanted:
            return Page(begin.total, rows)
        last = found[wanted - 1]
        return Page(begin.total, rows, Position(last.part, last.stored.key, None, begin.total))

    def _sorted_page(self, begin: Position | None) -> Page:
        ordered = in_order(self._entries(), is_descending=self.asked.is_descending)
        if begin is None:
            start = self.asked.start - 1
            return Page(len(ordered), self._at(_keys(ordered[start : start + self.asked.count])))
        total = len(ordered) if begin.total is None else begin.total
        if begin.key:
            ordered = after(ordered, Entry(begin.value, begin.part, begin.key), is_descending=self.asked.is_descending)
        shown = ordered[: self.asked.count]
        rows = self._at(_keys(shown))
        if not shown or len(ordered) <= self.asked.count:
            return Page(total, rows)
        return Page(total, rows, Position(shown[-1].part, shown[-1].key, shown[-1].value, total))

    def _entries(self) -> list[Entry]:
        return [
            entry_of(found, self.plan.parts[found.part].sorted_by)
            for found in walk(self.connection, self.provider, self.base_url, self.plan.parts)
        ]

    def _at(self, keys: Iterable[tuple[int, int]]) -> list[Row]:
        """The resources with these keys of these parts, in their order."""
        wanted = list(keys)
        found = dict[tuple[int, int], Row]()
        for index, part in enumerate(self.plan.parts):
            own = [key for of, key in wanted if of == index]
            rows = listing.at(self.connection, part.kind, own)
            found |= {(index, stored.key): (part.kind, stored) for stored in rows}
        return [found[each] for each in wanted if each in found]


def _keys(entries: Iterable[Entry]) -> list[tuple[int, int]]:
    return [(entry.part, entry.key) for entry in entries]
