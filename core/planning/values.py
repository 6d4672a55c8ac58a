"""What the planner reads: the IdP's side, the target's side, and all that was remembered of both.

All values are immutable and comparable. Names of accounts and groups at a target are compared by their `key`, which
the target's own normalisation gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.planning.capabilities import Capabilities, NameRules
from core.planning.led import Lead
from core.planning.past import Released, Repeated, Undone

__all__ = [
    "NO_PROBES",
    "Account",
    "AdminGroup",
    "Capabilities",
    "GroupLink",
    "Lead",
    "Link",
    "ManagedMembership",
    "NameRules",
    "Probes",
    "Released",
    "Repeated",
    "SourceGroup",
    "SourceUser",
    "TargetGroup",
    "Totals",
    "Undone",
    "Waiting",
    "World",
]

_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
_NO_COUNTS: Mapping[str, int] = MappingProxyType({})


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
    gone_at: int | None = None
    """Since when it is inactive, deleted or missing; `None`: it is none of these, or since before that was kept."""
    missed_reads: int = 0
    """Complete reads of the provider in a row that did not have it (providers that are read)."""


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """A group of the identity store."""

    id: str
    display_name: str
    deleted: bool = False
    exchange: int | None = None
    created_at: int = 0
    parents: frozenset[str] = frozenset()
    """Ids of the IdP groups that this group is a direct member of."""


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
    external_id: str | None = None
    """The immutable id of the user that the target keeps beside the account; `None`: it keeps none."""
    attributes: Mapping[str, str] = field(default_factory=lambda: _NO_ATTRIBUTES, hash=False)
    """Further attributes as observed, of those that `Capabilities.attributes` names; one that is absent is empty."""
    directory: str | None = None
    """The user directory that it is in; `None`: the product does not tell."""
    read_only: bool | None = None
    """Whether its values can be changed in its directory only; `None`: the product does not tell."""
    hides: tuple[str, ...] = ()
    """Other directories that have an account of this name, in their order: this one stands before them and counts."""


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """A group as last observed at the target."""

    name: str
    key: str
    id: str | None = None
    """The product's immutable id, where groups have one (Atlassian Cloud)."""


@dataclass(frozen=True, slots=True)
class Link:
    """Which account belongs to which user, remembered by immutable ids."""

    user_id: str
    account_id: str
    account_name: str
    is_new: bool = False
    """The account was created for the user, and its default groups for new users were not all given yet."""


@dataclass(frozen=True, slots=True)
class GroupLink:
    """Which target group an IdP group feeds, remembered by the IdP group's immutable id."""

    group_id: str
    group_key: str
    """Of the target group."""
    source_name: str
    """The IdP group's name when it was linked: what a rule that names it exactly still means."""


@dataclass(frozen=True, slots=True)
class AdminGroup:
    """A target group whose members administer the product, with the ids of its active members."""

    key: str
    name: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that brakes hold already, or several that are alike: as far as counting them needs."""

    kind: str
    user_id: str | None
    """Where it is told by itself."""
    group_key: str | None = None
    account_id: str | None = None
    """Where it is told by itself: each that may take an account out of an administrators' group is."""
    number: int = 1
    """How many they are."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is at a target: what percentages are taken of, and what pushes have changed or left waiting."""

    linked: int = 0
    """Linked accounts."""
    memberships: int = 0
    """Memberships of linked accounts, as last read."""
    members: Mapping[str, int] = field(default_factory=lambda: _NO_COUNTS, hash=False)
    """Key of a target group → how many members it had when last read."""
    recent: Mapping[str, int] = field(default_factory=lambda: _NO_COUNTS, hash=False)
    """Kind of change (and `remove-member|<group key>`) → how many pushes made within the last hour. Unasked, many small
    runs may not do what one large one may not."""
    waiting: tuple[Waiting, ...] = ()
    """What brakes hold already. What is told of users of this world does not count: a plan about them has it itself."""


@dataclass(frozen=True, slots=True)
class ManagedMembership:
    """A membership at the target that manciple added, and may therefore remove."""

    account_id: str
    group_key: str


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
    with these; the linked users whose accounts are in a target group that such groups feed; and all who want what any
    of these wants: an account name that they map to, or, without a link, an account that they match, or an address that
    only one may have."""
    groups: tuple[SourceGroup, ...]
    """All groups with their tombstones, or those that `users` refer to, the touched ones, and those of one name
    with any of them, with any of `managed`, with a target group that any of `accounts` is in, or with a default group
    for new accounts, and those that were linked to what they feed; all around them where nesting counts; all where
    target names are made by rules."""
    accounts: tuple[Account, ...]
    """All accounts, or those that `links` lead to, those with the names that these links remember, those with the names
    that `users` map to, those that users without a link match or that look like theirs (`UserRules.alike`), and
    those with addresses of `users` that only one account may have."""
    target_groups: tuple[TargetGroup, ...]
    """All target groups, or those that any of `groups` feeds or would, that `managed` or the default groups name, or
    that any of `accounts` is in."""
    links: tuple[Link, ...]
    """All links, or those of `users` and of `accounts`, and those whose accounts had a name that `users` map to."""
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
    group_links: tuple[GroupLink, ...] = ()
    """All, or those of `groups` and of the target groups that these lead to."""
    leads: tuple[Lead, ...] | None = None
    """What accounts of leavers lead: all, or at least what the accounts of `users` that are no longer present lead.
    `None`: not read, so that no leaver's account goes where accounts can lead anything."""
    context_users: tuple[SourceUser, ...] = ()
    """Users that decide something about `users` and are not planned for themselves: managers of leavers."""
    context_links: tuple[Link, ...] = ()
    """Links of `context_users`."""
    bystanders: tuple[SourceUser, ...] = ()
    """Users who are only told of: those whose accounts have names that `users` map to."""
    admin_groups: tuple[AdminGroup, ...] = ()
    """As last observed, whole, also where the world is for touched keys."""
    totals: Totals = Totals()
    now: int = 0
    """The moment the plan is for; milliseconds since 1970-01-01 UTC. It decides about grace periods, and how long what
    somebody else takes back again and again is left alone."""
    source_complete: bool = True
    """False where the provider was never read, or its last read was empty or broke off: no removal is planned then."""
    undone: tuple[Undone, ...] = ()
    """All, or those of `users` and those that are nobody's: a change that would reverse one is left out, unless the
    IdP has touched its user or group since (`Change.because.exchange` is later than `seen`)."""
    released: tuple[Released, ...] = ()
    """Names that were taken from somebody: all, or those that `users` map to; one for each name."""
    repeated: tuple[Repeated, ...] = ()
    """All, or those of `accounts`."""
