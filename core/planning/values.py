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
    created_at: int = 0
    """When it came; milliseconds since 1970-01-01 UTC."""


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """A group of the identity store."""

    id: str
    display_name: str
    deleted: bool = False
    exchange: int | None = None
    created_at: int = 0


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
    """In lower case."""
    forbidden_in_display_name: str = ""
    display_name_max: int = 255
    reserved_display_names: frozenset[str] = frozenset()
    """In lower case."""
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
class Probes:
    """What of a provider is, or may be, a test of its connection (`core.planning.probes`)."""

    names: tuple[str, ...] = ()
    """Globs of userNames, e-mail addresses and group names."""
    newer_than: int | None = None
    """What was made after this waits; milliseconds since 1970-01-01 UTC."""


NO_PROBES = Probes()


@dataclass(frozen=True, slots=True)
class World:
    """Everything one plan is computed from.

    A full plan has all users and groups of the provider and the whole target. A plan for touched keys has only what
    those lead to, as the fields say; it decides the same as a full plan would for these keys. Absence is never a
    reason to act: a user that is not in `users` is not a leaver. Ids and keys are unique within each field; a user
    has at most one link, and so has an account.
    """

    users: tuple[SourceUser, ...]
    """All users with their tombstones, or the touched ones; the members of touched groups and of groups of one name
    with these; the linked users whose accounts are in a target group of such a name; and the users without a link
    that map to an account name to which any of these without a link maps."""
    groups: tuple[SourceGroup, ...]
    """All groups with their tombstones, or those that `users` refer to, the touched ones, and those of one name
    with any of them, with any of `managed`, or with a target group that any of `accounts` is in."""
    accounts: tuple[Account, ...]
    """All accounts, or those that the links of `users` lead to, those with the names that these links remember, and
    those with the names that `users` map to."""
    target_groups: tuple[TargetGroup, ...]
    """All target groups, or those of one name with any of `groups` or `managed`."""
    links: tuple[Link, ...]
    """All links, or those of `users` and of `accounts`."""
    managed: frozenset[ManagedMembership]
    """Memberships that manciple added: all, or those of `accounts`."""
    capabilities: Capabilities
    touched_groups: frozenset[str] | None = None
    """Ids of groups to plan for besides those that `users` are in; `None`: all of `groups`. Groups of one name with
    any of them are planned for too, since they decide each other."""
    target_complete: bool = True
    """False where the read of the target broke off: no deactivation and no removal is planned then."""
    probes: Probes = NO_PROBES
    """Users without an account and groups that are tests are left out."""
    taken_names: frozenset[str] = frozenset()
    """Keys of account names that links outside `links` hold (planning for touched keys cannot see them otherwise): the
    account's name as last observed, else the one that the link remembers."""


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
    longer holds the change is re-planned, never applied stale. An update has display name and e-mail on both
    sides, since products set the two together; `None` before means unknown, and after: leave it as it is.
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
        account = (self.account or "").replace("%", "%25").replace("|", "%7C")
        return f"{self.kind}|{account}|{self.group or ''}"


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
    """What it is about, stable between plans: `user:<id>`, `group:<id>`, or `target-group:<key>` where no IdP
    group stands behind a target group. A plan has at most one conflict of a kind about one subject."""
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

    Links come first (nothing is sent for them), then leavers (they free seats), groups, accounts, and memberships.
    `notes` says in words what was left out and why (an incomplete read, a capability that the product lacks).
    """

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...] = ()
