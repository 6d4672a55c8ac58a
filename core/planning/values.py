"""What the planner reads and what it answers: the IdP's side, the target's side, changes, conflicts, plans.

All values are immutable and comparable, and each has a plain JSON form (`core.planning.document`). Names of
accounts and groups at a target are compared by their `key`, which the target's own normalisation gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SourceUser:
    """A user of the identity store, as far as planning needs it."""

    id: str
    """Our SCIM id: immutable, never re-used."""
    user_name: str
    active: bool
    attributes: Mapping[str, str]
    """SCIM attribute path → value, single strings only: `userName`, `displayName`, `emails.work`,
    `name.givenName`, `enterprise.department`, … (`core.scim.attributes` makes them)."""
    groups: frozenset[str] = frozenset()
    """Ids of the IdP groups this user is a direct member of."""
    deleted: bool = False
    """Hard-deleted at the IdP; the tombstone remains here."""
    exchange: int | None = None
    """The inbound exchange that last touched this user."""


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """A group of the identity store."""

    id: str
    display_name: str
    deleted: bool = False
    exchange: int | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account as last observed at the target. `None` means the target does not tell."""

    id: str
    """The product's immutable id: Confluence `userKey`, Jira `key`, …"""
    name: str
    key: str
    """The name as the product compares it."""
    display_name: str | None
    email: str | None
    active: bool
    groups: frozenset[str] | None = None
    """Keys of the target groups it is in; `None`: not read."""


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """A group as last observed at the target."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Link:
    """Which account belongs to which user, remembered by immutable ids."""

    user_id: str
    account_id: str
    account_name: str


@dataclass(frozen=True, slots=True)
class ManagedMembership:
    """A membership at the target that manciple added, and may therefore remove."""

    account_id: str
    group_key: str


@dataclass(frozen=True, slots=True)
class NameRules:
    """What a product accepts as account and group names (`reference`: the product's own validation)."""

    forbidden_in_username: str = ""
    username_lower_case: bool = False
    username_max: int = 255
    whitespace_in_username: bool = True
    reserved_usernames: frozenset[str] = frozenset()
    forbidden_in_display_name: str = ""
    forbidden_in_group_name: str = ""
    group_name_max: int = 255
    email_required: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this target can do over its REST, probed, never guessed from the version.

    Each entry is `None` where the operation works, else the reason why not and the way round, ready to show.
    """

    create_user: str | None = None
    update_user: str | None = None
    set_active: str | None = None
    create_group: str | None = None
    members: str | None = None
    names: NameRules = NameRules()


@dataclass(frozen=True, slots=True)
class World:
    """Everything one plan is computed from.

    A full plan has all users and groups of the provider and the complete target. A plan for touched keys has only
    those users and groups, the accounts that their links or names lead to, and `whole_target=False`.
    """

    users: tuple[SourceUser, ...]
    groups: tuple[SourceGroup, ...]
    """All groups that `users` refer to, and the touched ones."""
    accounts: tuple[Account, ...]
    target_groups: tuple[TargetGroup, ...]
    links: tuple[Link, ...]
    managed: frozenset[ManagedMembership]
    capabilities: Capabilities
    touched_groups: frozenset[str] | None = None
    """Ids of the groups to plan for; `None`: all of `groups`."""
    target_complete: bool = True
    """False where the read of the target broke off: no deactivation and no removal is planned then."""
    taken_names: frozenset[str] = frozenset()
    """Keys of account names that other users' links hold (planning for touched keys cannot see them otherwise)."""


class ChangeKind(StrEnum):
    """One operation on a target."""

    CREATE_ACCOUNT = "create-account"
    UPDATE_ACCOUNT = "update-account"
    DEACTIVATE_ACCOUNT = "deactivate-account"
    REACTIVATE_ACCOUNT = "reactivate-account"
    LINK_ACCOUNT = "link-account"
    """Remember that an account belongs to a user; nothing is sent to the target."""
    CREATE_GROUP = "create-group"
    ADD_MEMBER = "add-member"
    REMOVE_MEMBER = "remove-member"


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
    (`name`, `display_name`, `email`, `active`; `member` for memberships): `before` is the premise; where it no
    longer holds the change is re-planned, never applied stale.
    """

    kind: ChangeKind
    because: Because
    account: str | None = None
    account_id: str | None = None
    user_id: str | None = None
    group: str | None = None
    before: Mapping[str, str | bool | None] = field(default_factory=dict)
    after: Mapping[str, str | bool | None] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What identifies this change within its plan: kind, account and group."""
        return f"{self.kind}|{self.account or ''}|{self.group or ''}"


@dataclass(frozen=True, slots=True)
class Resolution:
    """One answer that a conflict offers."""

    key: str
    title: str
    consequence: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place where planning refuses to guess. `kind` is the catalogue's code (`C16`, …)."""

    kind: str
    subject: str
    """What it is about, stable between plans: `user:<id>` or `group:<id>`."""
    title: str
    explanation: str
    evidence: Mapping[str, str]
    resolutions: tuple[Resolution, ...]
    user_id: str | None = None
    group_id: str | None = None
    exchange: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes and conflicts that would bring a target to where the rules want it, in the order to apply them.

    Leavers come first (they free seats), then groups, accounts, and memberships. `notes` says in words what was
    left out and why (an incomplete read, a capability that the product lacks).
    """

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...] = ()
