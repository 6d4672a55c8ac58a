"""Which application permission reads what, and the way to the button that grants it.

Source: Microsoft Graph REST API v1.0 reference, "Permissions" of each method; least privileged first.
"""

_PERMISSIONS = (
    ("servicePrincipals", "Application.Read.All"),
    ("directory/deletedItems/microsoft.graph.group", "Group.Read.All"),
    ("directory/deletedItems", "User.Read.All"),
    ("users", "User.Read.All"),
    ("groups", "Group.Read.All"),
    ("organization", "Organization.Read.All"),
    ("subscribedSkus", "Organization.Read.All"),
    ("auditLogs", "AuditLog.Read.All"),
)
_WRITES = ("ReadWrite", "Write.", ".Write", "AccessAsUser", "FullControl")


def permission_for(path: str) -> str:
    """The least permission that reads a path below the version, such as `users/delta()`."""
    return next((permission for start, permission in _PERMISSIONS if path.startswith(start)), "Directory.Read.All")


def way_to_grant(permission: str, client_id: str, *, is_delegated: bool = False) -> str:
    """Where an administrator of the tenant grants it; delegated ones are those of somebody who signed in."""
    app = f"the app {client_id}" if client_id else "the app that reads"
    kind = "Delegated" if is_delegated else "Application"
    return (
        f"Grant it: Entra admin center > Identity > Applications > App registrations > {app} > API permissions > "
        f"Add a permission > Microsoft Graph > {kind} permissions > {permission}; then Grant admin consent."
    )


def beyond_reading(permissions: list[str]) -> list[str]:
    """Those of the permissions that let their holder change something: no pull needs one."""
    return sorted(each for each in permissions if any(part in each for part in _WRITES))
