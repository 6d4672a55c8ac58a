"""How Crowd writes users and groups.

Source: Atlassian's own samples of representations in the tests of its REST client.
"""

from urllib.parse import quote

from core.sandbox.crowd.directories import User
from core.sandbox.crowd.endpoint import API, Call


def user(call: Call, found: User) -> dict[str, object]:
    """A whole user; attributes only where they are expanded."""
    name = call.seen.shown_user(found)
    query = f"username={quote(name, safe='')}"
    attributes = attribute_list(found) if call.expands("attributes") else []
    document = short_user(call, found) | {
        "expand": "attributes",
        "password": {"link": {"href": f"{call.base}{API}/user/password?{query}", "rel": "edit"}},
        "key": found.user_key,
        "active": found.active,
        "attributes": {"attributes": attributes, "link": _link(call, "user/attribute", query)},
        "first-name": found.first_name,
        "last-name": found.last_name,
        "display-name": found.full_name,
        "email": found.email,
    }
    if not call.state.quirks.shows_keys:
        del document["key"]
    return document


def short_user(call: Call, found: User) -> dict[str, object]:
    """A user in a listing that is not expanded: name and link."""
    name = call.seen.shown_user(found)
    return {"link": _link(call, "user", f"username={quote(name, safe='')}"), "name": name}


def group(call: Call, stored: str) -> dict[str, object]:
    """A whole group."""
    query = f"groupname={quote(call.seen.shown_group(stored), safe='')}"
    return short_group(call, stored) | {
        "expand": "attributes",
        "description": call.seen.description(stored),
        "type": "GROUP",
        "active": True,
        "attributes": {"attributes": [], "link": _link(call, "group/attribute", query)},
    }


def short_group(call: Call, stored: str) -> dict[str, object]:
    """A group in a listing that is not expanded: name and link."""
    name = call.seen.shown_group(stored)
    return {"link": _link(call, "group", f"groupname={quote(name, safe='')}"), "name": name}


def attribute_list(found: User) -> list[dict[str, object]]:
    """A user's attributes, each with all its values."""
    return [{"name": name, "values": list(values)} for name, values in sorted(found.attributes.items())]


def _link(call: Call, resource: str, query: str) -> dict[str, object]:
    return {"href": f"{call.base}{API}/{resource}?{query}", "rel": "self"}
