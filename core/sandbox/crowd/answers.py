"""Crowd's answers: XML unless JSON is asked for, errors with a reason that programs can read.

The XML has the product's elements; what JSON calls `name`, `expand`, `href` and `rel` are attributes in it.
"""

from collections.abc import Mapping
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from starlette.responses import Response

from core.sandbox.answers import Json

Document = Mapping[str, object]

Reason = Literal[
    "APPLICATION_PERMISSION_DENIED",
    "GROUP_NOT_FOUND",
    "ILLEGAL_ARGUMENT",
    "INVALID_CREDENTIAL",
    "INVALID_EMAIL",
    "INVALID_GROUP",
    "INVALID_USER",
    "MEMBERSHIP_ALREADY_EXISTS",
    "MEMBERSHIP_NOT_FOUND",
    "NESTED_GROUPS_NOT_SUPPORTED",
    "OPERATION_FAILED",
    "USER_NOT_FOUND",
]
"""Those of Crowd's ErrorReason that provisioning meets."""

_AS_ATTRIBUTES = ("name", "expand", "href", "rel")
_ITEMS = {"users": "user", "groups": "group", "attributes": "attribute", "values": "value"}
"""What the elements of a list are called."""


class Refusal(Exception):
    """An error in Crowd's words."""

    def __init__(self, status: int, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.document: Document = {"reason": reason, "message": message}


def answer(root: str, document: Document, accept: str, status: int = 200) -> Response:
    """The document as this client wants it; `root` is the name of its element."""
    if "application/json" in accept:
        return Json(document, status)
    return xml(_element(root, document), status)


def xml(root: str, status: int = 200) -> Response:
    """An XML document."""
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return Response(declaration + root, status, media_type="application/xml")


def _element(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        attributes = "".join(f" {key}={quoteattr(str(value[key]))}" for key in _AS_ATTRIBUTES if key in value)
        inner = "".join(_element(key, each) for key, each in value.items() if key not in _AS_ATTRIBUTES)
        return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"
    if isinstance(value, list):
        return "".join(_element(_ITEMS.get(name, name), each) for each in value)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(text)}</{name}>"
