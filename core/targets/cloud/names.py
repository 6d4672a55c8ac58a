"""What Atlassian Cloud accepts as names, which group names it keeps for itself, and how names go into a request.

Sources: the introduction of the user provisioning REST API ("Group limitations"); Atlassian, "Default groups and
permissions".
"""

import json
from urllib.parse import quote

from core.planning.names import is_kept_group
from core.planning.values import NameRules

_BUILT_IN = frozenset(
    {"administrators", "billing-admins", "org-admins", "site-admins", "system-administrators", "trusted-users"}
)
_GIVING_ACCESS = (
    "bitbucket-users",
    "compass-users",
    "confluence-guests",
    "confluence-users",
    "jira-admins",
    "jira-core-users",
    "jira-product-discovery-users",
    "jira-service-management-users",
    "jira-servicedesk-users",
    "jira-servicemanagement-users",
    "jira-software-users",
    "jira-users",
    "jira-work-management-users",
    "opsgenie-users",
    "statuspage-users",
)
"""Alone, or followed by a hyphen and the name of the site."""

NAME_RULES = NameRules(
    username_max=255,
    group_name_max=255,
    kept_groups=(*sorted(_BUILT_IN), *_GIVING_ACCESS, *(f"{name}-*" for name in _GIVING_ACCESS)),
    email_required=True,
    email_checked=True,
    email_unique=True,  # an address stands for one Atlassian account: a second user of it is linked to the same
)


def is_kept_by_atlassian(group: str) -> bool:
    """Whether this is the name of a group that Atlassian made: a default access group, or one built in."""
    return is_kept_group(group, NAME_RULES)


def equals(attribute: str, value: str) -> str:
    """The one form of filter that Atlassian takes (RFC 7644 section 3.4.2.2)."""
    return f"{attribute} eq {json.dumps(value, ensure_ascii=False)}"


def can_address(id: str) -> bool:
    """Whether a path can carry this id."""
    is_text = not any("\ud800" <= character <= "\udfff" for character in id)
    return is_text and id not in ("", ".", "..") and "/" not in id and "\\" not in id


def segment(id: str) -> str:
    """An id as one percent-encoded segment of a path."""
    return quote(id, safe="")
