"""Resources as every answer shows them: the stored document with `id`, `meta`, and `groups` or `members`.

One place for all answers, whether the typed path or the library did the work, and bytes all the way: the document is
stored as JSON and goes out as it is, with what the server adds put around it (RFC 7643 §3.1).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import orjson

from core.store.identities import Kind, Stored
from core.store.member_rows import Member

_PLACES: dict[Kind, str] = {"User": "Users", "Group": "Groups"}


def location(base_url: str, kind: Kind, ident: str) -> str:
    """Where a resource is: `meta.location`, and the `Location` of an answer that made one."""
    return f"{base_url}/{_PLACES[kind]}/{ident}"


def version_of(stored: Stored) -> str:
    """Its entity tag, weak since `groups` may be told apart by it and bytes may not (RFC 7644 §3.14)."""
    return f'W/"{stored.version}"'


def user_json(base_url: str, stored: Stored, groups: Sequence[Member] | None) -> bytes:
    """A user; `groups` is left out where it is `None` or empty."""
    if not groups:
        return _around(base_url, "User", stored, b"")
    shown = [
        {"value": group.id, "$ref": location(base_url, "Group", group.id), "display": group.display, "type": "direct"}
        for group in groups
    ]
    return _around(base_url, "User", stored, b',"groups":' + orjson.dumps(shown))


def group_json(base_url: str, stored: Stored, members: Iterable[Member] | None) -> bytes:
    """A group; its members are left out where they are `None`, and an empty list where there are none.

    Authentik takes a group without the key for one whose members it need not compare.
    """
    if members is None:
        return _around(base_url, "Group", stored, b"")
    shown = [_member(base_url, member) for member in members]
    return _around(base_url, "Group", stored, b',"members":' + orjson.dumps(shown))


def list_json(
    resources: Sequence[bytes], total: int | None, start: int | None, next_cursor: str | None = None
) -> bytes:
    """A ListResponse (RFC 7644 §3.4.2, with cursors RFC 9865 §2)."""
    head = b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]'
    head += b"" if total is None else b',"totalResults":%d' % total
    head += b"" if start is None else b',"startIndex":%d' % start
    head += b"" if next_cursor is None else b',"nextCursor":' + orjson.dumps(next_cursor)
    return head + b',"itemsPerPage":%d,"Resources":[' % len(resources) + b",".join(resources) + b"]}"


def _around(base_url: str, kind: Kind, stored: Stored, more: bytes) -> bytes:
    """The document, which begins with its schemas, with what the server adds after them and at the end."""
    cut = stored.body.index(b"]") + 1
    meta = (
        f',"id":"{stored.id}","meta":{{"resourceType":"{kind}","created":"{_time(stored.created_at)}",'
        f'"lastModified":"{_time(stored.modified_at)}","location":"{location(base_url, kind, stored.id)}",'
        f'"version":"W/\\"{stored.version}\\""}}'
    )
    return b"".join((stored.body[:cut], meta.encode(), stored.body[cut:-1], more, b"}"))


def _member(base_url: str, member: Member) -> dict[str, str]:
    kind: Kind = "Group" if member.nested else "User"
    return {
        "value": member.id,
        "$ref": location(base_url, kind, member.id),
        "type": kind,
        "display": member.display,
    }


@lru_cache(maxsize=4096)
def _time(milliseconds: int) -> str:
    """A time as RFC 7643 §2.3.5 has it, in UTC."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
