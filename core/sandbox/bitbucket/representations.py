"""How Bitbucket writes users, groups, permissions and directories in JSON."""

from urllib.parse import quote

from core.sandbox.bitbucket.answers import no_such_user
from core.sandbox.bitbucket.endpoint import Call
from core.sandbox.bitbucket.names import slug_of
from core.sandbox.bitbucket.permissions import Permission
from core.sandbox.embedded_crowd import Account, Directory


def user(call: Call, account: Account) -> dict[str, object]:
    """A user as everybody sees him."""
    slug = slug_of(account.username)
    return {
        "name": account.username,
        "emailAddress": account.email,
        "active": account.active,
        "displayName": account.full_name,
        "id": int(account.user_key),
        "slug": slug,
        "type": "NORMAL",
        "links": {"self": [{"href": f"{call.base}/users/{quote(slug, safe='')}"}]},
    }


def detailed_user(call: Call, account: Account) -> dict[str, object]:
    """A user as administrators see him."""
    home = call.state.crowd.home(account.username)
    writable = home is not None and home.directory.writable
    return user(call, account) | {
        "directoryName": home.directory.name if home else "",
        "deletable": writable,
        "mutableDetails": writable,
        "mutableGroups": home is not None and home.takes_memberships,
    }


def user_named(call: Call, name: str) -> dict[str, object]:
    """The user with this name key as everybody sees him."""
    return user(call, _known(call, name))


def detailed_user_named(call: Call, name: str) -> dict[str, object]:
    """The user with this name key as administrators see him."""
    return detailed_user(call, _known(call, name))


def group(call: Call, key: str) -> dict[str, object]:
    """The group with this key, under its name as stored."""
    holders = [each for each in call.state.crowd.contents if key in each.groups]
    return {"name": group_name(call, key), "deletable": any(each.directory.writable for each in holders)}


def group_name(call: Call, key: str) -> str:
    """The name as stored of the group with this key."""
    return call.state.crowd.group(key) or key


def user_permission(call: Call, granted: tuple[str, Permission]) -> dict[str, object]:
    """What a user, by his name key, was granted."""
    return {"user": user_named(call, granted[0]), "permission": granted[1].name}


def group_permission(call: Call, granted: tuple[str, Permission]) -> dict[str, object]:
    """What a group, by its key, was granted."""
    return {"group": {"name": group_name(call, granted[0])}, "permission": granted[1].name}


def directory(call: Call, shown: Directory) -> dict[str, object]:
    """A user directory as Bitbucket's own resource shows it: without an id."""
    return {"name": shown.name, "type": shown.type.title(), "description": "", "active": shown.active}


def _known(call: Call, name: str) -> Account:
    account = call.state.crowd.account(name)
    if account is None:
        raise no_such_user(name)
    return account
