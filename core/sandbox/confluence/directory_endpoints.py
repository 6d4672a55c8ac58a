"""Listing the user directories through Embedded Crowd, under a key of Confluence's own."""

from starlette.responses import Response

from core.sandbox.confluence.answers import Refusal
from core.sandbox.confluence.endpoint import Access, Call, Endpoint
from core.sandbox.confluence.quirks import Quirks
from core.sandbox.directory_resource import Document, all_directories, document_of, one_directory
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
    documents = [_document(content.directory) for content in call.state.crowd.contents]
    return all_directories(documents, call.accept, key="directory")


def _one(call: Call) -> Response:
    for content in call.state.crowd.contents:
        if str(content.directory.id) == call.path["id"]:
            return one_directory(_document(content.directory), call.accept)
    raise Refusal(404, f"No directory found with id : {call.path['id']}")


def _document(directory: Directory) -> Document:
    document = document_of(directory)
    if directory.type in ("CROWD", "CONNECTOR"):
        document["synchronisation"] = {
            "currentStartTime": 0,
            "currentDuration": 0,
            "lastStartTime": 1718000000000,
            "lastDuration": 4210,
            "syncStatus": _SYNCHRONISED,
        }
    return document
