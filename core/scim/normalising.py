"""Providers' dialects of SCIM made strict, before the strict core reads them, so that the core knows one dialect.

It only rewrites; it looks nothing up, changes no input, and refuses nothing: what it cannot read passes unchanged,
so that the core answers with the proper SCIM error. Creating a value that a filter does not find (Entra expects it)
needs the stored resource, and is therefore the core's part. Each liberty used is named, for the request log.
"""

from dataclasses import dataclass

from core.scim.operations import strict_operations
from core.scim.paths import PATCH_OP, ResourceType
from core.scim.resources import shaped, without_nulls
from core.scim.tolerances import Tolerance, in_order

Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class Normalised:
    """The document in strict form, and the names of the tolerances it needed, in the order of `TOLERANCES`."""

    document: Document
    tolerances: tuple[Tolerance, ...]


def normalise_user(document: Document) -> Normalised:
    """Make a whole user strict, as sent by POST or PUT (RFC 7643 §4.1, §4.3)."""
    return _resource(document, "User")


def normalise_group(document: Document) -> Normalised:
    """Make a whole group strict, as sent by POST or PUT (RFC 7643 §4.2)."""
    return _resource(document, "Group")


def normalise_patch(document: Document, resource_type: ResourceType) -> Normalised:
    """Make a PATCH request for a user or a group strict (RFC 7644 §3.5.2); one operation may become several."""
    if not isinstance(document, dict):
        return Normalised(document, ())
    used: set[Tolerance] = set()
    patch = _with_operations_key(document, used)
    operations = patch.get("Operations")
    if not isinstance(operations, list):
        return Normalised(document, ())
    if "schemas" not in patch:
        used.add("patch-schemas-missing")
        patch = {"schemas": [PATCH_OP], **patch}
    strict = [each for sent in operations for each in strict_operations(sent, resource_type, used)]
    return Normalised({**patch, "Operations": strict}, in_order(used))


def _resource(document: Document, resource_type: ResourceType) -> Normalised:
    if not isinstance(document, dict):
        return Normalised(document, ())
    used: set[Tolerance] = set()
    strict = without_nulls(shaped(document, resource_type, used), used)
    return Normalised(strict, in_order(used))


def _with_operations_key(document: Document, used: set[Tolerance]) -> Document:
    sent = next((key for key in document if key.lower() == "operations"), None)
    if sent is None or "Operations" in document:
        return document
    used.add("operations-case")
    return {"Operations" if key == sent else key: value for key, value in document.items()}
