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
DETAIL_PROPERTIES = ("assignedLicenses",)
"""What further details of users need."""
GROUP_PROPERTIES = ("id", "displayName", "description", "mailNickname", "securityEnabled")
PAGE_SIZE = 999
"""Objects on a page, as far as Graph obeys the wish."""

KIND: dict[FeedName, ObjectKind] = {"users": "user", "groups": "group"}
NAME_OF: dict[ObjectKind, str] = {"user": "userPrincipalName", "group": "displayName"}
"""The property without which an object was not told whole."""


def first(name: FeedName, *, details: bool) -> str:
    """Where a feed begins."""
    if name == "groups":
        return f"groups/delta()?$select={','.join(GROUP_PROPERTIES)},members"
    return f"users/delta()?$select={_of_users(details)},manager"


def one(kind: ObjectKind, object_id: str, *, details: bool) -> str:
    """One object, as its feed would tell it."""
    if kind == "group":
        return f"groups/{object_id}?$select={','.join(GROUP_PROPERTIES)}"
    return f"users/{object_id}?$select={_of_users(details)}&$expand=manager($select=id)"


def facts(application: str | None) -> dict[str, str]:
    """What is asked of the directory as a whole, by the names under which it is kept."""
    asked = {
        "tenant": "organization?$select=id,displayName,verifiedDomains",
        "licences": "subscribedSkus?$select=skuId,skuPartNumber",
    }
    if application is not None:
        asked["roles"] = f"servicePrincipals(appId='{application}')?$select=appRoles"
    return asked


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


def _of_users(details: bool) -> str:
    return ",".join((*USER_PROPERTIES, *DETAIL_PROPERTIES) if details else USER_PROPERTIES)
