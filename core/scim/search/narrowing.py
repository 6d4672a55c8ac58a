"""A filter made into SQL: the whole of it where columns hold all it compares, else the part that narrows it down."""

from dataclasses import replace
from typing import Any

from scim2_models import ScimFilter
from scim2_models.path import (
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from core.scim.search.fields import Field
from core.scim.search.predicate import expected_of
from core.store import matching
from core.store.identities import Kind
from core.store.matching import EVERYTHING, NOTHING, Condition

_ALL = Condition(EVERYTHING.sql, is_exact=False)
"""Narrows nothing down."""


def narrowed(scim_filter: ScimFilter[Any], kind: Kind) -> Condition:
    """The condition for a filter that is bound to the model of `kind`; where it is not exact, it finds more."""
    return _of(scim_filter.ast, scim_filter, kind)


def _of(node: FilterNode, scim_filter: ScimFilter[Any], kind: Kind) -> Condition:
    match node:
        case LogicalExpr(op, terms):
            parts = [_of(term, scim_filter, kind) for term in terms]
            return matching.joined(parts, by_and=op is LogicalOperator.and_)
        case Not(expr):
            inner = _of(expr, scim_filter, kind)
            return matching.negated(inner) if inner.is_exact else _ALL
        case Comparison():
            return _compared(node, scim_filter, kind)
        case Present(path):
            binding = scim_filter.resolve(path, strict=False)
            if binding is None:
                return NOTHING
            return matching.present(kind, Field.of(binding).name) or _ALL
        case ValuePath():
            return _selected(node, scim_filter, kind)
    raise TypeError(f"no filter node: {node!r}")


def _compared(node: Comparison, scim_filter: ScimFilter[Any], kind: Kind) -> Condition:
    binding = scim_filter.resolve_comparison(node.attr_path, strict=False)
    if binding is None:
        return NOTHING
    name, value = Field.of(binding).name, expected_of(binding, node)
    if name == "password":  # none is ever kept
        absent = {CompareOperator.eq: value is None, CompareOperator.ne: value is not None}
        return EVERYTHING if absent.get(node.op) else NOTHING
    return matching.compared(kind, name, node.op.value, value) or _ALL


def _selected(node: ValuePath, scim_filter: ScimFilter[Any], kind: Kind) -> Condition:
    """What `emails[type eq "work" and value eq "x"]` asks of the addresses; of what else it asks nothing is known."""
    binding = scim_filter.resolve(node.attr_path, strict=False)
    if binding is None:
        return NOTHING
    name, inner = f"{Field.of(binding).name}.value", node.val_filter
    is_and = isinstance(inner, LogicalExpr) and inner.op is LogicalOperator.and_
    terms = inner.terms if isinstance(inner, LogicalExpr) and is_and else (inner,)
    found = [condition for term in terms if (condition := _of_value(term, scim_filter, node, kind, name))]
    if not found:
        return _ALL
    return replace(matching.joined(found, by_and=True), is_exact=len(terms) == 1 and found[0].is_exact)


def _of_value(
    node: FilterNode, scim_filter: ScimFilter[Any], outer: ValuePath, kind: Kind, name: str
) -> Condition | None:
    """A condition on the `value` of one entry, as one on those of all; `ne` and null have no such form."""
    if not isinstance(node, Comparison) or node.op is CompareOperator.ne or not isinstance(node.value, str):
        return None
    if node.attr_path.attr.lower() != "value" or node.attr_path.sub_attr or node.attr_path.uri:
        return None
    binding = scim_filter.resolve_comparison(outer.attr_path, strict=False)
    if binding is None:
        return None
    return matching.compared(kind, name, node.op.value, expected_of(binding, node))  # type: ignore[arg-type]
