"""What Confluence accepts as names, and how they go into a path.

Source: the validation described in Confluence's OpenAPI document (10.0) for `POST /rest/api/admin/user`.
"""

from urllib.parse import quote

from core.planning.values import NameRules
from core.targets.protocol import Unsupported

NAME_RULES = NameRules(
    # Confluence would create an account with a slash, or one that is called `.`, but none of the calls that change it
    # could name it (`segment`).
    forbidden_in_username="\\,+<>'\"/",
    username_lower_case=True,
    username_max=255,
    whitespace_in_username=False,
    reserved_usernames=frozenset({"anonymous", ".", ".."}),
    forbidden_in_display_name="<>",
    reserved_display_names=frozenset({"anonymous"}),
    forbidden_in_group_name="/\\",
    group_name_max=255,
    reserved_group_names=frozenset({".", ".."}),
    email_required=True,
    email_checked=True,
)


RENAME_USER = (
    "Confluence does not rename accounts over its REST API. Rename it in Confluence under User management, or in the "
    "directory that it comes from: manciple knows it by its key, which stays, and goes on under the new name."
)
RENAME_GROUP = (
    "Confluence does not rename groups, neither over its REST API nor in its web interface. Rename the group in the "
    "directory it comes from, or make a new one and move its members."
)


def can_address(name: str) -> bool:
    """Whether a path can carry this name."""
    return name not in ("", ".", "..") and "/" not in name and "\\" not in name


def segment(name: str) -> str:
    """The name as one percent-encoded segment of a path.

    :raises Unsupported: for a name that no path can carry: the servlet container refuses an encoded slash or
        backslash, and resolves `.`, `..` and an empty segment before Confluence sees them.
    """
    if not can_address(name):
        raise Unsupported(
            f"Confluence's REST cannot address the name {name!r}: its server refuses / and \\ in an address, and "
            "takes . and .. for steps in it.",
            remedy="Rename it at the identity provider, or map it to another name.",
        )
    try:
        return quote(name, safe="")
    except UnicodeEncodeError:
        raise Unsupported(f"The name {name!r} has half a character in it.", remedy="Rename it.") from None
