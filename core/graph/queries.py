"""What is asked of Graph: only changes of what is selected wake a feed, so everything that is mapped stands here.

Sources: Microsoft Graph REST API v1.0 reference, user: delta, group: delta, "Use delta query".
"""

from core.store.graph_feeds import FeedName
from core.store.graph_objects import ObjectKind

USER_PROPERTIES = (
    "id", "userPrincipalName", "accountEnabled", "displayName", "givenName", "surname", "mail", "mailNickname",
    "jobTitle", "department", "companyName", "employeeId", "employeeType", "userType", "officeLocation",
    "streetAddress", "city", "state", "postalCode", "country", "preferredLanguage", "businessPhones", "mobilePhone",
    "faxNumber",
)  # fmt: skip
GROUP_PROPERTIES = ("id", "displayName", "description", "mailNickname", "securityEnabled")
PAGE_SIZE = 999
"""Objects on a page, as far as Graph obeys the wish."""

FIRST: dict[FeedName, str] = {
    "users": f"users/delta()?$select={','.join(USER_PROPERTIES)},manager",
    "groups": f"groups/delta()?$select={','.join(GROUP_PROPERTIES)},members",
}
"""Where each feed begins."""
KIND: dict[FeedName, ObjectKind] = {"users": "user", "groups": "group"}
NAME_OF: dict[ObjectKind, str] = {"user": "userPrincipalName", "group": "displayName"}
"""The property without which an object was not told whole."""


def one(kind: ObjectKind, object_id: str) -> str:
    """One object, as its feed would tell it."""
    if kind == "group":
        return f"groups/{object_id}?$select={','.join(GROUP_PROPERTIES)}"
    return f"users/{object_id}?$select={','.join(USER_PROPERTIES)}&$expand=manager($select=id)"


def members(group_id: str) -> str:
    """The direct members of a group."""
    return f"groups/{group_id}/members?$select=id&$top={PAGE_SIZE}"


def groups_of(user_id: str) -> str:
    """The groups that hold a user directly."""
    return f"users/{user_id}/memberOf?$select=id&$top={PAGE_SIZE}"


def recycle_bin(kind: ObjectKind) -> str:
    """What was deleted and can be restored."""
    return f"directory/deletedItems/microsoft.graph.{kind}?$select=id&$top={PAGE_SIZE}"


def assigned_to(application: str) -> str:
    """Who and what is assigned to an enterprise application."""
    return f"servicePrincipals(appId='{application}')/appRoleAssignedTo?$top={PAGE_SIZE}"
