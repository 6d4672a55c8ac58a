"""The record of what really changed: one entry per effective mutation, none for a repeat that changed nothing.

With it a test can say "applied exactly once": an idempotent repeat adds no entry, a second creation would.
"""

from dataclasses import dataclass
from typing import Literal

EffectKind = Literal[
    "create-account",
    "update-account",
    "rename-account",
    "deactivate-account",
    "reactivate-account",
    "delete-account",
    "set-password",
    "create-group",
    "delete-group",
    "add-member",
    "remove-member",
    "join-default-group",
    "leave-application-group",
    "grant-permission",
    "revoke-permission",
    "change-project",
    "change-component",
]
"""The same words for every product; what one cannot do leaves no effect there."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One mutation that came over HTTP and changed something.

    `subject` is the username, the group name, the project key, or the component id. `detail` is the group for
    memberships, `full name <e-mail>` for creations and updates, the new username for renames, the username of the
    lead and the assignee type for projects and components, the permission for grants, else empty. Memberships that
    vanish with a deleted account or group are no effects of their own; the groups that a new account joins are.
    """

    kind: EffectKind
    subject: str
    detail: str = ""
