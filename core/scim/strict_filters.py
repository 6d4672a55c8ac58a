"""Providers' dialects of the filter made strict (RFC 7644 §3.4.2.2), before the strict core reads it.

It only rewrites: a filter that cannot be read even so comes back as it was sent, for the core to refuse with the
proper error.
"""

import re
from dataclasses import replace

from scim2_models import InvalidFilterException, ScimFilter
from scim2_models.path import AttrPath, Comparison, FilterNode, LogicalExpr, Not, Present

from core.scim.paths import ENTERPRISE
from core.scim.tolerances import Tolerance

# Quoted texts are matched first, unended ones to the end, and left alone; then a word where a value belongs.
_QUOTED_OR_BARE = re.compile(
    r'("(?:[^"\\]|\\.)*(?:"|\\?\Z))|\b((?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+)([^\s"()\[\]]+)', re.IGNORECASE | re.DOTALL
)
_STRICT = re.compile(r'(?:userName|externalId|displayName|id) eq "[^"\\]*"')
_LITERAL = re.compile(r"true|false|null|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)


def strict_filter(text: str, used: set[Tolerance]) -> str:
    """Quote bare words, and find the manager's id where the IdP writes `manager eq "…"` (Entra's reference check)."""
    if _STRICT.fullmatch(text):  # nearly every filter there is
        return text
    quoted = _QUOTED_OR_BARE.sub(_with_quotes, text)
    try:
        parsed = ScimFilter(quoted).ast
    except InvalidFilterException:
        return text
    if quoted != text:
        used.add("bare-word-in-filter")
    strict = _strict(parsed, used)
    return quoted if strict == parsed else str(strict)


def _with_quotes(found: re.Match[str]) -> str:
    if found[1] is not None or _LITERAL.fullmatch(found[3]):
        return found[0]
    return found[2] + ScimFilter.quote(found[3])


def _strict(node: FilterNode, used: set[Tolerance]) -> FilterNode:
    if isinstance(node, LogicalExpr):
        return replace(node, terms=tuple(_strict(term, used) for term in node.terms))
    if isinstance(node, Not):
        return replace(node, expr=_strict(node.expr, used))
    if isinstance(node, Comparison):
        return replace(node, attr_path=_manager_id(_with_urn(node.attr_path, used), used))
    if isinstance(node, Present):
        return replace(node, attr_path=_with_urn(node.attr_path, used))
    return node


def _with_urn(path: AttrPath, used: set[Tolerance]) -> AttrPath:
    if path.attr.lower() != "manager" or path.uri is not None:
        return path
    used.add("manager-without-urn")
    return replace(path, uri=ENTERPRISE)


def _manager_id(path: AttrPath, used: set[Tolerance]) -> AttrPath:
    of_enterprise = path.uri is not None and path.uri.lower() == ENTERPRISE.lower()
    if path.attr.lower() != "manager" or not of_enterprise or path.sub_attr is not None:
        return path
    used.add("manager-compared-whole")
    return replace(path, sub_attr="value")
