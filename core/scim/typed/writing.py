"""Writes of one resource: create, replace, change, delete. Each runs whole in the writer's transaction."""

from typing import Any

from scim2_server.requests import ScimRequest

from core.scim.answers import Answer
from core.scim.conditions import conditions_of, met
from core.scim.members import WantedMembers
from core.scim.paths import PATCH_OP
from core.scim.representation import version_of
from core.scim.routing import PLACES, resource_at
from core.scim.typed.documents import document_of, members_of
from core.scim.typed.edits import Edit, edited, edits_of
from core.scim.typed.group_patch import group_patch
from core.scim.typed.showing import created_answer, patched_answer, resource_answer
from core.scim.writes import Writes
from core.store.identities import Kind, Stored

Document = dict[str, Any]


def write(writes: Writes, request: ScimRequest, sent: Document | None) -> Answer | None:
    """Do a write whose body, in strict form, is `sent`; `None` where it is for the library, and nothing was changed.

    :raises SCIMException: where it is refused; the caller undoes what it did.
    """
    if request.method == "POST":
        kind = PLACES.get(request.path)
        return None if kind is None or sent is None else _create(writes, request, kind, sent)
    place = resource_at(request.path)
    if place is None:
        return None
    if request.method == "DELETE":
        return _delete(writes, request, *place)
    perform = {"PUT": _replace, "PATCH": _patch}.get(request.method)
    return None if perform is None or sent is None else perform(writes, request, *place, sent)


def _create(writes: Writes, request: ScimRequest, kind: Kind, sent: Document) -> Answer | None:
    document = document_of(kind, sent)
    members = members_of(sent) if kind == "Group" else {}
    if document is None or members is None:
        return None
    stored = writes.create(kind, document)
    if members:
        _put_members(writes, stored, members, counted=True)
    return created_answer(writes.connection, request, kind, stored)


def _replace(writes: Writes, request: ScimRequest, kind: Kind, ident: str, sent: Document) -> Answer | None:
    """A PUT clears what it leaves out, save for `active` and `members`, which nobody may lose by a slip."""
    document = document_of(kind, sent)
    members = members_of(sent) if kind == "Group" else {}
    if document is None or members is None or sent.get("id", ident) != ident:
        return None
    before = _checked(writes, request, kind, ident)
    if "active" not in document and "active" in before.document:
        document = {**document, "active": before.document["active"]}
    stored = writes.replace(kind, before, document)
    if kind == "Group" and "members" in sent:
        stored = _put_members(writes, stored, members, counted=stored is not before)
    return resource_answer(writes.connection, request, kind, stored)


def _patch(writes: Writes, request: ScimRequest, kind: Kind, ident: str, sent: Document) -> Answer | None:
    operations = sent.get("Operations")
    if sent.get("schemas") != [PATCH_OP] or type(operations) is not list or not operations:
        return None
    change = _read_user_patch(operations) if kind == "User" else _read_group_patch(operations)
    if change is None:
        return None
    edits, members = change
    before = _checked(writes, request, kind, ident)
    document = edited(kind, before.document, edits) if edits else None
    if edits and document is None:
        return None
    stored = before if document is None else writes.replace(kind, before, document)
    if members is not None:
        changes = members.changes(writes.connection, writes.provider, stored)
        stored = writes.change_members(stored, changes, counted=stored is not before)
    return patched_answer(writes.connection, request, kind, stored)


def _read_user_patch(operations: list[Any]) -> tuple[list[Edit], None] | None:
    edits: list[Edit] = []
    for operation in operations:
        made = edits_of("User", operation) if type(operation) is dict else None
        if made is None:
            return None
        edits += made
    return edits, None


def _read_group_patch(operations: list[Any]) -> tuple[list[Edit], WantedMembers | None] | None:
    patch = group_patch(operations)
    return None if patch is None else (patch.edits, patch.members)


def _delete(writes: Writes, request: ScimRequest, kind: Kind, ident: str) -> Answer:
    writes.delete(kind, _checked(writes, request, kind, ident))
    return Answer(204, b"")


def _checked(writes: Writes, request: ScimRequest, kind: Kind, ident: str) -> Stored:
    """The resource, where its version is the one that the client knows, or does not say.

    :raises SCIMException: 404 where there is none, 412 where it was changed meanwhile (RFC 7644 §3.14).
    """
    stored = writes.find(kind, ident)
    met(conditions_of(request), version_of(stored), request.method)
    return stored


def _put_members(writes: Writes, group: Stored, members: dict[str, str | None], *, counted: bool) -> Stored:
    wanted = WantedMembers()
    wanted.replace(members)
    changes = wanted.changes(writes.connection, writes.provider, group)
    return writes.change_members(group, changes, counted=counted)
