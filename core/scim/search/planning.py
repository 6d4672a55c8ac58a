"""How a search is worked off: for each kind its condition, and what SQL alone cannot tell. Made once for a query."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from scim2_models import InvalidFilterException, InvalidValueException, SCIMException, ScimFilter, SearchRequest
from scim2_models.path import Comparison, FilterNode, LogicalExpr, Not, Present, ValuePath
from scim2_server.service import scim_exception_of

from core.scim.models import MODELS
from core.scim.search.fields import Field
from core.scim.search.narrowing import narrowed
from core.scim.search.predicate import Test, predicate
from core.store import listing
from core.store.identities import Kind
from core.store.matching import EVERYTHING, Condition

_MODELS: Any = MODELS
_FILTER: Any = ScimFilter
_REQUESTS: dict[tuple[Kind, ...], Any] = {
    ("User",): SearchRequest[_MODELS["User"]],
    ("Group",): SearchRequest[_MODELS["Group"]],
    ("User", "Group"): SearchRequest[_MODELS["User"] | _MODELS["Group"]],
}
_CACHED = 1024
"""Characters of a filter and an order whose plan is remembered; no IdP sends more."""
_LINKED = frozenset(("groups", "members"))
"""Attributes that are not in a resource's document: they are read only for what names them."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is searched of one kind."""

    kind: Kind
    condition: Condition = EVERYTHING
    matches: Test | None = None
    """Tells of what the condition finds whether it matches; `None` where all of it does."""
    sorted_by: Field | None = None
    """`None` also where this kind does not have the attribute: then none of it has a value."""
    linked: frozenset[str] = frozenset()
    """Which of a resource's groups and members have to be looked at."""

    @property
    def is_whole(self) -> bool:
        """Whether there is no filter."""
        return self.condition is EVERYTHING


@dataclass(frozen=True, slots=True)
class Plan:
    """What is searched."""

    parts: tuple[Part, ...]
    is_sorted: bool = False

    @property
    def is_sql(self) -> bool:
        """Whether SQL alone gives the answer."""
        return all(part.matches is None for part in self.parts) and (not self.is_sorted or self.sql_order is not None)

    @property
    def sql_order(self) -> str | None:
        """The attribute by whose column SQL sorts; `None` where it is not sorted so."""
        (part, *others) = self.parts
        if others or part.sorted_by is None or not listing.is_sortable(part.kind, part.sorted_by.name):
            return None
        return part.sorted_by.name


def plan_of(kinds: tuple[Kind, ...], text: str | None, sort_by: str | None) -> Plan:
    """How to answer a filter and an order.

    :raises SCIMException: 400 invalidFilter or invalidValue, where they are none of these kinds'.
    """
    is_short = len(text or "") + len(sort_by or "") <= _CACHED
    return (_remembered if is_short else _planned)(kinds, text, sort_by)


def _planned(kinds: tuple[Kind, ...], text: str | None, sort_by: str | None) -> Plan:
    if text is None and sort_by is None:
        return Plan(tuple(Part(kind) for kind in kinds))
    request = _checked(kinds, text, sort_by)
    return Plan(tuple(_part(kind, request) for kind in kinds), sort_by is not None)


_remembered = lru_cache(maxsize=512)(_planned)


def _checked(kinds: tuple[Kind, ...], text: str | None, sort_by: str | None) -> SearchRequest[Any]:
    """The library's reading of both, which knows the attributes and what may be asked of each."""
    checked: SearchRequest[Any] = _read(kinds, "filter", text)
    checked.sort_by = _read(kinds, "sort_by", sort_by).sort_by
    return checked


def _read(kinds: tuple[Kind, ...], name: str, value: str | None) -> SearchRequest[Any]:
    try:
        read: SearchRequest[Any] = _REQUESTS[kinds](**{name: value})
    except ValidationError as error:
        raise _readable(name, scim_exception_of(error)) from None
    return read


def _readable(name: str, refused: SCIMException) -> SCIMException:
    if name == "filter":
        return InvalidFilterException(detail=f"filter: {refused.detail}")
    return InvalidValueException(detail=f"sortBy: {refused.detail}: name an attribute with one value, as userName")


def _part(kind: Kind, request: SearchRequest[Any]) -> Part:
    binding = request.sort_binding(MODELS[kind])
    sorted_by = None if binding is None else Field.of(binding)
    linked = {sorted_by.attribute} & _LINKED if sorted_by else set()
    if request.filter is None:
        return Part(kind, sorted_by=sorted_by, linked=frozenset(linked))
    bound = _FILTER[_MODELS[kind]](request.filter.ast)
    condition = narrowed(bound, kind)
    if condition.is_exact:
        return Part(kind, condition, None, sorted_by, frozenset(linked))
    linked |= {name for name in _named(bound.ast) if name in _LINKED}
    return Part(kind, condition, predicate(bound), sorted_by, frozenset(linked))


def _named(node: FilterNode) -> Iterator[str]:
    """The attributes that a filter names, in lower case."""
    if isinstance(node, LogicalExpr):
        for term in node.terms:
            yield from _named(term)
    elif isinstance(node, Not):
        yield from _named(node.expr)
    elif isinstance(node, Comparison | Present | ValuePath):
        yield node.attr_path.attr.lower()
