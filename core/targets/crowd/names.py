"""What Crowd accepts as names. It carries them in queries and bodies only, so that every name can be addressed.

Capital letters are no fault: Crowd keeps them, compares names without case, and shows all names in lower case to an
application that is set so.
"""

from core.planning.values import NameRules

NAME_RULES = NameRules(username_max=255, display_name_max=255, group_name_max=255)

RENAME_GROUP = (
    "Crowd does not rename groups over its REST API. Make a new group and move its members, or rename it in the "
    "directory that it comes from."
)


def trimmed(name: str) -> str:
    """The name as it is sent: Crowd refuses one that begins or ends with whitespace, so that none of its names does."""
    return name.strip()
