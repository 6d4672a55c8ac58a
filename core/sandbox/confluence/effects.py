"""The record of what really changed: one entry per effective mutation, none for a repeat that changed nothing.

With it a test can say "applied exactly once": an idempotent repeat adds no entry, a second creation would.
"""

from dataclasses import dataclass
from typing import Literal

EffectKind = Literal[
    "create-account",
    "update-account",
    "deactivate-account",
    "reactivate-account",
    "delete-account",
    "set-password",
    "create-group",
    "delete-group",
    "add-member",
    "remove-member",
    "join-default-group",
]


@dataclass(frozen=True, slots=True)
class Effect:
    """One mutation that came over HTTP and changed something.

    `subject` is the username, or the group name for the kinds about groups. `detail` is the group for memberships
    and `full name <e-mail>` for creations and updates, else empty. The memberships that vanish with a deleted
    account or group are no effects of their own; the default group that a new account joins is one.
    """

    kind: EffectKind
    subject: str
    detail: str = ""
