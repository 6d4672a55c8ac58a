"""Embedded Crowd's resource of user directories, as all Data Center products show it: XML unless JSON is asked for."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from starlette.responses import Response

from core.sandbox.answers import Json
from core.sandbox.embedded_crowd import Directory

Document = dict[str, object]


def document_of(directory: Directory) -> Document:
    """What every product tells of a directory."""
    return {"id": directory.id, "name": directory.name, "active": directory.active, "type": directory.type}


def all_directories(documents: Sequence[Document], accept: str, *, key: str) -> Response:
    """The directories in order; `key` is the product's name for the list in JSON."""
    if _wants_json(accept):
        return Json({key: documents})
    return _xml(f"<directories>{''.join(map(_element, documents))}</directories>")


def one_directory(document: Document, accept: str) -> Response:
    """One directory."""
    return Json(document) if _wants_json(accept) else _xml(_element(document))


def _wants_json(accept: str) -> bool:
    return "application/json" in accept


def _element(document: Document) -> str:
    return f"<directory>{_fields(document)}</directory>"


def _fields(document: Document) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in document.items())


def _value(value: object) -> str:
    if isinstance(value, dict):
        return _fields(value)
    return str(value).lower() if isinstance(value, bool) else escape(str(value))


def _xml(root: str) -> Response:
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return Response(declaration + root, media_type="application/xml")
