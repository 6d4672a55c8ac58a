"""Which indexed value a filter asks for, so that a match query loads one resource and not all of them.

It only narrows down: what an index finds is matched with the library's own filter afterwards, so the answer is the
same as that of a scan. A filter that no index serves is none of this module's business: it falls to the scan.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scim2_models import Resource, ScimFilter
from scim2_models.path import (
    AttributeBinding,
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
    ValuePath,
)

from core.store.identities import Indexed, Kind

_INDEXED: dict[Kind, dict[str, Indexed]] = {
    "User": {
        "id": "id",
        "user_name": "userName",
        "external_id": "externalId",
        "display_name": "displayName",
        "emails": "email",
    },
    "Group": {"id": "id", "external_id": "externalId", "display_name": "displayName"},
}
"""The library's name of an attribute, and the index that serves it; the most selective first."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """An indexed attribute and the value that a resource must have in it to match at all."""

    attribute: Indexed
    value: str


def lookup_of(scim_filter: ScimFilter[Any], kind: Kind) -> Lookup | None:
    """Give the index that holds everything the filter can match; None where only a scan does.

    The filter is bound to the model of `kind`. One that joins conditions by `and` needs only one that is indexed:
    Entra's reference check asks for `id eq "x" and manager eq "y"`.
    """
    found = list(_lookups(scim_filter, scim_filter.ast, kind))
    order = list(_INDEXED[kind].values())
    return min(found, key=lambda lookup: order.index(lookup.attribute), default=None)


def _lookups(scim_filter: ScimFilter[Any], node: FilterNode, kind: Kind) -> Iterator[Lookup]:
    if isinstance(node, LogicalExpr) and node.op is LogicalOperator.and_:
        for term in node.terms:
            yield from _lookups(scim_filter, term, kind)
    elif isinstance(node, Comparison):
        binding = scim_filter.resolve_comparison(node.attr_path, strict=False)
        if _is_equality(node) and binding is not None and _has_index(binding, kind):
            yield Lookup(_INDEXED[kind][binding.field_name], node.value)
    elif isinstance(node, ValuePath):
        binding = scim_filter.resolve(node.attr_path, strict=False)
        if binding is not None and binding.field_name == "emails":
            yield from _mail_lookups(node.val_filter)


def _has_index(binding: AttributeBinding, kind: Kind) -> bool:
    """Whether it is an indexed attribute of the resource itself; of `emails`, only the addresses are indexed."""
    own = issubclass(binding.model, Resource) and binding.field_name in _INDEXED[kind]
    return own and binding.sub_field_name == ("value" if binding.field_name == "emails" else None)


def _mail_lookups(node: FilterNode) -> Iterator[Lookup]:
    """What `emails[type eq "work"].value eq "x"` asks for; the library reads it as a filter on the one entry."""
    if isinstance(node, LogicalExpr) and node.op is LogicalOperator.and_:
        for term in node.terms:
            yield from _mail_lookups(term)
    elif isinstance(node, Comparison) and _is_equality(node) and _is_value(node.attr_path):
        yield Lookup("email", node.value)


def _is_equality(node: Comparison) -> bool:
    return node.op is CompareOperator.eq and isinstance(node.value, str)


def _is_value(path: AttrPath) -> bool:
    return path.attr.lower() == "value" and path.sub_attr is None
