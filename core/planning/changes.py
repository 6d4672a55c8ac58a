"""What the planner answers: changes with their reasons, conflicts with their answers, brakes, and the plan of them all.

All values are immutable and comparable, and each has a plain JSON form (`core.planning.document`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from core.planning.led import Lead

if TYPE_CHECKING:
    from core.planning.notes import Note

_NO_MOMENTS: Mapping[str, int] = MappingProxyType({})


Needs = Literal["account", "account-name", "date", "display-name", "group-name", "successor"]
"""What answers need: an account that is there, a name that is free, a day, or an account to take over leads."""


class ChangeKind(StrEnum):
    """One operation on a target."""

    CREATE_ACCOUNT = "create-account"
    UPDATE_ACCOUNT = "update-account"
    RENAME_ACCOUNT = "rename-account"
    DEACTIVATE_ACCOUNT = "deactivate-account"
    REACTIVATE_ACCOUNT = "reactivate-account"
    DELETE_ACCOUNT = "delete-account"
    LINK_ACCOUNT = "link-account"
    """Remember that an account belongs to a user; nothing is sent to the target."""
    UNLINK_ACCOUNT = "unlink-account"
    """Forget it again; only undoing does this."""
    CREATE_GROUP = "create-group"
    RENAME_GROUP = "rename-group"
    DELETE_GROUP = "delete-group"
    """Only an admin's choice and undoing do this; no rule does."""
    LINK_GROUP = "link-group"
    """Remember that an IdP group feeds a target group; nothing is sent to the target."""
    UNLINK_GROUP = "unlink-group"
    ADD_MEMBER = "add-member"
    REMOVE_MEMBER = "remove-member"
    MOVE_LEAD = "move-lead"
    """Give a project or component to another account."""


_OF_GROUP_LINKS = frozenset({ChangeKind.LINK_GROUP, ChangeKind.UNLINK_GROUP})


@dataclass(frozen=True, slots=True)
class Because:
    """Why a change is planned: one sentence, the rule that asked for it, and where it came from."""

    text: str
    rule: str
    """The configuration key, for example `users.when_inactive`."""
    user_id: str | None = None
    group_id: str | None = None
    exchange: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One operation on a target, with its reason, the state before and the state after.

    `account` and `group` are names at the target. `before` and `after` hold only the fields the change is about
    (`name`, `display_name`, `email`, `active`, `attributes.<name>`; `member` for memberships; `lead` for leads; for
    the link of a group `source_name`): `before` is the premise; where it no longer holds the change is re-planned,
    never applied stale. An update has display name and e-mail on both sides, since products set the two together;
    `None` before means unknown, and after: leave it as it is. A membership with `managed` False is none that manciple
    manages: after an addition it is given once and not taken back; before a removal it was not manciple's own. A move
    of a lead names the leaver's account, and both accounts' names before and after.
    """

    kind: ChangeKind
    because: Because
    account: str | None = None
    account_id: str | None = None
    user_id: str | None = None
    group: str | None = None
    lead: str | None = None
    """`Lead.key` of what is led."""
    before: Mapping[str, str | bool | None] = field(default_factory=dict)
    after: Mapping[str, str | bool | None] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What identifies this change within its plan: kind, account, group, and what is led.

        The link of a group has the IdP group's id in the account's place: several IdP groups may feed one target group.
        """
        whom = self.because.group_id if self.kind in _OF_GROUP_LINKS else self.account
        escaped = (whom or "").replace("%", "%25").replace("|", "%7C")
        return f"{self.kind}|{escaped}|{self.group or ''}" + (f"|{self.lead}" if self.lead else "")


@dataclass(frozen=True, slots=True)
class Resolution:
    """One answer that a conflict offers."""

    key: str
    title: str
    consequence: str
    needs: Needs | None = None
    """What the admin must name beside it; `None`: nothing."""
    proposed: str | None = None
    """What that may be; of an answer that needs nothing, what it is about (an account's id, a group's name)."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place where planning refuses to guess. `kind` is the catalogue's code (`C16`, …)."""

    kind: str
    subject: str
    """What it is about, stable between plans: `user:<id>`, `group:<id>`, or `target-group:<key>` where no IdP
    group stands behind a target group. A plan has at most one conflict of a kind about one subject."""
    title: str
    explanation: str
    evidence: Mapping[str, str]
    resolutions: tuple[Resolution, ...]
    user_id: str | None = None
    group_id: str | None = None
    exchange: int | None = None
    stakes: frozenset[str] = field(default=frozenset(), compare=False)
    """What it turns on that others have or want too (`core.planning.stakes`). No part of its document."""
    leads: tuple[Lead, ...] = ()
    """All that a leaver leads, where the conflict is about that, without the roles of its projects."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A brake that a plan hits: what it would do is done only once an admin has approved exactly that."""

    brake: str
    """The configuration key: `brakes.deactivate`, `brakes.min_admins`, …"""
    text: str
    """One sentence: how many, of how many, and which limit that is over."""
    keys: tuple[str, ...]
    """`Change.key` of every change that it holds."""
    sample: tuple[str, ...]
    """Names of the first few accounts or groups."""
    cause: str
    """What most of these changes have in common, for the admin who must judge them."""
    approvable: bool = True
    """False where no single admin may approve it: the last administrators."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes and conflicts that would bring a target to where the rules want it, in the order to apply them.

    Links come first (nothing is sent for them), then leavers (they free seats), groups, accounts, and memberships.
    `notes` says in words what was left out and why (an incomplete read, a capability that the product lacks).
    """

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...] = ()
    holds: tuple[Hold, ...] = ()
    """The brakes that this plan hits."""
    due: Mapping[str, int] = field(default_factory=lambda: _NO_MOMENTS, compare=False)
    """Id of a user that waits for the end of its grace period → that moment. No part of the plan's document."""
    about: frozenset[str] = field(default=frozenset(), compare=False)
    """Keys of target groups all of whose `target-group:` conflicts it has. No part of the plan's document."""
    left_out: tuple["Note", ...] = field(default=(), compare=False, repr=False)
    """What `notes` sums up, one by one. No part of the plan's document."""
