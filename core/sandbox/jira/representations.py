"""How Jira writes users, groups and applications in JSON."""

from collections.abc import Iterable
from urllib.parse import quote

from core.sandbox.embedded_crowd import Account
from core.sandbox.jira.answers import Refusal
from core.sandbox.jira.application_roles import ApplicationRole
from core.sandbox.jira.endpoint import Call


def user(call: Call, account: Account) -> dict[str, object]:
    """A user; groups and application roles have items only where they are expanded, and a size always."""
    state = call.state
    groups = sorted(state.groups_of(account.username))
    roles = [role for role in state.settings.applications if state.seats.has(role, account.username)]
    return short_user(call, account) | {
        "locale": "en_US",
        "groups": _counted(len(groups), (group(call, each) for each in groups), shown=call.expands("groups")),
        "applicationRoles": _counted(
            len(roles),
            ({"key": role.key, "name": role.name} for role in roles),
            shown=call.expands("applicationRoles"),
        ),
        "expand": "groups,applicationRoles",
    }


def short_user(call: Call, account: Account) -> dict[str, object]:
    """A user in a listing."""
    document: dict[str, object] = {
        "self": f"{call.base}/rest/api/2/user?username={quote(account.username, safe='')}",
        "key": account.user_key,
        "name": account.username,
        "emailAddress": account.email,
        "avatarUrls": {"48x48": f"{call.base}/secure/useravatar?avatarId=10122"},
        "displayName": account.full_name,
        "active": account.active,
        "deleted": False,
        "timeZone": "Etc/UTC",
    }
    if call.state.settings.emails == "hide":
        del document["emailAddress"]
    elif call.state.settings.emails == "mask":
        document["emailAddress"] = account.email.replace("@", " at ").replace(".", " dot ")
    return document


def lead(call: Call, account: Account) -> dict[str, object]:
    """A user as the lead of something."""
    shown = ("self", "key", "name", "avatarUrls", "displayName", "active")
    document = short_user(call, account)
    return {field: document[field] for field in shown}


def group(call: Call, key: str) -> dict[str, object]:
    """The group with this key, under its name as stored."""
    name = call.state.crowd.group(key) or key
    return {"name": name, "self": f"{call.base}/rest/api/2/group?groupname={quote(name, safe='')}"}


def application(call: Call, role: ApplicationRole) -> dict[str, object]:
    """An application with its seats."""
    free, taken = call.state.seats.free(role), call.state.seats.taken(role)
    return {
        "key": role.key,
        "name": role.name,
        "groups": list(role.groups),
        "defaultGroups": list(role.default_groups),
        "selectedByDefault": role.selected_by_default,
        "defined": True,
        "numberOfSeats": -1 if role.seats is None else role.seats,
        "remainingSeats": -1 if free is None else free,
        "userCount": taken,
        "userCountDescription": "users" if taken != 1 else "user",
        "hasUnlimitedSeats": role.seats is None,
        "platform": False,
    }


def user_named(call: Call, name: str) -> dict[str, object]:
    """The user with this name key, who exists, as listings show him."""
    account = call.state.crowd.account(name)
    if account is None:
        raise Refusal(404, f"The user named '{name}' does not exist")
    return short_user(call, account)


def _counted(size: int, items: Iterable[object], *, shown: bool) -> dict[str, object]:
    return {"size": size, "items": list(items) if shown else []}
