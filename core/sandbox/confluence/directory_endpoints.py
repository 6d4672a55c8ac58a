"""Listing the user directories through Embedded Crowd: XML unless JSON is asked for, under a key of its own."""

from xml.sax.saxutils import escape

from starlette.responses import Response

from core.sandbox.answers import Json
from core.sandbox.confluence.answers import Refusal
from core.sandbox.confluence.endpoint import Access, Call, Endpoint
from core.sandbox.confluence.quirks import Quirks
from core.sandbox.embedded_crowd import Directory

_SYNCHRONISED = "Full synchronisation completed successfully."


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints below `/rest/crowd`."""
    system = Access.SYSTEM_ADMINISTRATOR
    return [
        Endpoint("GET", "/rest/crowd/latest/directory", _list, system),
        Endpoint("GET", "/rest/crowd/1/directory", _list, system),
        Endpoint("GET", "/rest/crowd/1/directory/{id}", _one, system),
    ]


def _list(call: Call) -> Response:
    directories = [_document(content.directory) for content in call.state.crowd.contents]
    if _wants_json(call):
        return Json({"directory": directories})
    return _xml(f"<directories>{''.join(map(_element, directories))}</directories>")


def _one(call: Call) -> Response:
    for content in call.state.crowd.contents:
        if str(content.directory.id) == call.path["id"]:
            document = _document(content.directory)
            return Json(document) if _wants_json(call) else _xml(_element(document))
    raise Refusal(404, f"No directory found with id : {call.path['id']}")


def _wants_json(call: Call) -> bool:
    return "application/json" in call.accept


def _document(directory: Directory) -> dict[str, object]:
    document: dict[str, object] = {
        "id": directory.id,
        "name": directory.name,
        "active": directory.active,
        "type": directory.type,
    }
    if directory.type in ("CROWD", "CONNECTOR"):
        document["synchronisation"] = {
            "currentStartTime": 0,
            "currentDuration": 0,
            "lastStartTime": 1718000000000,
            "lastDuration": 4210,
            "syncStatus": _SYNCHRONISED,
        }
    return document


def _element(document: dict[str, object]) -> str:
    return f"<directory>{_fields(document)}</directory>"


def _fields(document: dict[str, object]) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in document.items())


def _value(value: object) -> str:
    if isinstance(value, dict):
        return _fields(value)
    return str(value).lower() if isinstance(value, bool) else escape(str(value))


def _xml(root: str) -> Response:
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return Response(declaration + root, media_type="application/xml")
