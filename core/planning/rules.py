"""The rules of one target: what an admin configured about its users and groups, as plain values.

`core.config` builds them from `[target.users]`, `[target.groups]` and `[target.brakes]`; the planner reads them. They
hold no compiled patterns and no secrets, so a plan can carry the rules it was made with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Case = Literal["keep", "lower", "upper"]
NoMatch = Literal["pass", "ignore", "clear", "skip-user"]
NoGroupMatch = Literal["pass", "skip-group"]
WhenInactive = Literal["deactivate", "delete", "keep"]
WhenOutOfScope = Literal["keep", "inactive"]
Matching = Literal["id", "username", "email"]
Alike = Literal["ask", "ignore"]
GroupMode = Literal["manual", "on-the-fly", "off"]
Nesting = Literal["flatten", "ignore"]

ANSWER = "answers"
"""In the place of a configuration key: what an admin answered to a conflict asked for it."""
_NONE_GIVEN: Mapping[str, str] = MappingProxyType({})
_NO_MOMENTS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ValueRule:
    """How one value at the target is made from one attribute of the user.

    `source` is a SCIM attribute path (`userName`, `emails.work`, `displayName`, …). `match` is an RE2 pattern;
    where it matches (anywhere in the value, unless anchored), `replace` is the value: `$0` is the whole match, `$1`
    or `${1}` the first capture group, `$$` a dollar sign. Without `match`, `$0` is the whole value. `no_match` says
    what happens where it does not match: `pass` takes the source value, `ignore` leaves the target's value alone,
    `clear` makes the target's value empty, `skip-user` leaves the whole user out: its account and memberships stay as
    they are. `case` is applied last. `core.planning.mapping` checks and applies a rule.
    """

    source: str
    match: str | None = None
    replace: str = "$0"
    case: Case = "keep"
    no_match: NoMatch = "pass"


@dataclass(frozen=True, slots=True)
class AttributeCheck:
    """One condition on an attribute of a user: an RE2 pattern that its value matches, or must not match.

    A user without the attribute has the empty value.
    """

    attribute: str
    match: str | None = None
    not_match: str | None = None
    """Exactly one of the two is given."""


@dataclass(frozen=True, slots=True)
class UserScope:
    """`[target.users.scope]`: which users are provisioned here at all. By default all are."""

    where: tuple[AttributeCheck, ...] = ()
    """All of them must hold."""
    groups: tuple[str, ...] = ()
    """Globs of IdP group names; a user must be in one of them, nested or not. Empty: need not."""
    exclude_groups: tuple[str, ...] = ()
    """Globs of IdP group names; a user may be in none of them."""


@dataclass(frozen=True, slots=True)
class LeadRule:
    """One `[[target.users.lead]]`: who takes over what a leaver leads. The first rule that fits and finds somebody
    decides; after them come `default_project_lead` and `default_component_lead`."""

    to: tuple[str, ...]
    """In order of preference: `user:NAME` (an account), `manager` (the leaver's), `role:NAME` (the first active member
    by name of that role of the project), `project-lead` (for components)."""
    projects: tuple[str, ...] = ("*",)
    """Globs of project keys."""
    components: tuple[str, ...] | None = None
    """Globs of component names: the rule is for these components; `None`: it is for the lead of the project itself."""


@dataclass(frozen=True, slots=True)
class UserAnswers:
    """What admins answered about single users (`core.planning.answers`), by the user's id."""

    linked: Mapping[str, str] = field(default_factory=lambda: _NONE_GIVEN, hash=False)
    """→ id of the account that is the user's."""
    names: Mapping[str, str] = field(default_factory=lambda: _NONE_GIVEN, hash=False)
    """→ the account name, whatever the mapping makes."""
    display_names: Mapping[str, str] = field(default_factory=lambda: _NONE_GIVEN, hash=False)
    left_out: frozenset[str] = frozenset()
    """Their accounts and memberships stay as they are."""
    successors: Mapping[str, str] = field(default_factory=lambda: _NONE_GIVEN, hash=False)
    """→ name of the account that takes over all that the user leads."""
    renewed: frozenset[str] = frozenset()
    """They get another account in the place of one that vanished."""
    reused: Mapping[str, str] = field(default_factory=lambda: _NONE_GIVEN, hash=False)
    """→ the account name that they get although it was another person's."""
    kept: frozenset[str] = frozenset()
    """The values of their accounts stay as their directory has them."""
    taken_over: Mapping[str, str] = field(default_factory=lambda: _NONE_GIVEN, hash=False)
    """→ id of the account that is taken from another user for this one."""
    left_to_others: Mapping[str, int] = field(default_factory=lambda: _NO_MOMENTS, hash=False)
    """→ until when what somebody else takes back again and again is not done; milliseconds since 1970-01-01 UTC."""
    once_more: frozenset[str] = frozenset()
    """What somebody else took back again and again is done once more."""
    apart: frozenset[str] = frozenset()
    """They get a new account although there is one that looks like theirs."""
    no_email: frozenset[str] = frozenset()
    """Their addresses are not written: a new account gets none, one that is there keeps its own."""
    shared_email: frozenset[str] = frozenset()
    """Their addresses are written although another account has them."""
    approved: frozenset[str] = frozenset()
    """What is due to their accounts is done although `protect` names them."""


@dataclass(frozen=True, slots=True)
class GroupAnswers:
    """What admins answered about single groups (`core.planning.answers`)."""

    names: Mapping[str, str] = field(default_factory=lambda: _NONE_GIVEN, hash=False)
    """IdP group's id → the name of its target group, whatever the mapping makes."""
    left_out: frozenset[str] = frozenset()
    """Ids of IdP groups that feed nothing."""
    merged: frozenset[str] = frozenset()
    """Keys of target groups that several IdP groups feed together."""
    created: frozenset[str] = frozenset()
    """Keys of target groups that are created although `create_missing` is off."""
    released: frozenset[str] = frozenset()
    """Keys of target groups that lose members although IdP groups of theirs are not there."""
    approved: frozenset[str] = frozenset()
    """Keys of target groups that change although `protect` names them."""


NO_USER_ANSWERS = UserAnswers()
NO_GROUP_ANSWERS = GroupAnswers()


@dataclass(frozen=True, slots=True)
class UserRules:
    """`[target.users]`: what is done to accounts, and which are never touched."""

    create: bool = True
    update: bool = True
    rename: bool = True
    """Follow a changed account name, where the product can rename an account."""
    reactivate: bool = True
    when_inactive: WhenInactive = "deactivate"
    when_out_of_scope: WhenOutOfScope = "keep"
    """`keep`: the account of an active user that left the scope stays as it is; `inactive`: it goes like a leaver's."""
    grace: int = 0
    """Seconds for which a user must have been inactive, deleted or missing before `when_inactive` is done."""
    missed_reads: int = 2
    """Complete reads in a row that a user must be missing from before it counts as gone (providers that are read)."""
    matching: tuple[Matching, ...] = ("id", "username")
    """What links a user without a link to an account that exists already, in order: the immutable id that the target
    keeps of the user, the account name, the e-mail address."""
    alike: Alike = "ask"
    """What happens before a new account is made for somebody, where one that is nobody's looks like the same person's:
    the same display name or e-mail address, or the name before the @: `ask` (C04), or make it all the same."""
    username: ValueRule = ValueRule("userName", case="lower")
    email: ValueRule = ValueRule("emails.work")
    display_name: ValueRule = ValueRule("displayName")
    attributes: Mapping[str, ValueRule] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """Further attributes that the target can hold (`Capabilities.attributes`): `first_name`, `department`, …"""
    scope: UserScope = UserScope()
    protect: tuple[str, ...] = ()
    """Glob patterns (`*`, `?`) of account names that are never touched, compared without case."""
    leads: tuple[LeadRule, ...] = ()
    default_project_lead: str | None = None
    """Name of the account that takes over projects for which no rule finds anybody."""
    default_component_lead: str | None = None
    answers: UserAnswers = NO_USER_ANSWERS
    """No part of the configuration: what is known of single users goes before it."""


@dataclass(frozen=True, slots=True)
class GroupMap:
    """One `[[target.groups.map]]`: the members of these IdP groups together are members of these target groups."""

    idp: tuple[str, ...]
    """Names or globs of IdP groups. One named exactly is followed by its id when the IdP renames it."""
    target: tuple[str, ...]
    """Names of target groups."""
    keep_existing_members: bool = True
    """Keep memberships that manciple did not add. False: members of the target group that the IdP does not give, and
    that belong to a user of the provider, are removed."""


@dataclass(frozen=True, slots=True)
class OnTheFly:
    """`[target.groups.on_the_fly]`: each IdP group is kept as a target group of its name, or of one made of it."""

    include: tuple[str, ...] = ("*",)
    """Glob patterns (`*`, `?`) of IdP group names that are mapped, compared without case."""
    exclude: tuple[str, ...] = ()
    match: str | None = None
    """RE2 pattern on the IdP group's name; `replace` makes the target group's name of what it matches (`ValueRule`)."""
    replace: str = "$0"
    case: Case = "keep"
    no_match: NoGroupMatch = "pass"
    """Where `match` does not match: take the name as it is, or leave the group out."""
    merge: bool = False
    """Let several IdP groups that become one name share one target group; False: that is a conflict (C23)."""
    create_missing: bool = True
    keep_existing_groups: bool = True
    """Keep memberships that manciple did not add. False: memberships in mapped groups that the IdP does not
    give are removed, whoever added them."""
    answers: GroupAnswers = NO_GROUP_ANSWERS
    """As in `GroupRules`."""


@dataclass(frozen=True, slots=True)
class GroupRules:
    """`[target.groups]`: how the IdP's groups become target groups, and which are never touched."""

    mode: GroupMode = "on-the-fly"
    nested: Nesting = "flatten"
    """Whether the members of a group inside an IdP group are members of that one too."""
    default_for_new: tuple[str, ...] = ()
    """Target groups that a new account is put into once; whoever removes it later is not overruled."""
    default_for_all: tuple[str, ...] = ()
    """Target groups that the account of every active user in scope is in."""
    create_missing: bool = False
    """Create target groups that `map` or a default names and that do not exist; False: that is a conflict (C24)."""
    map: tuple[GroupMap, ...] = ()
    """Used in mode `manual`."""
    on_the_fly: OnTheFly = OnTheFly()
    """Used in mode `on-the-fly`."""
    protect: tuple[str, ...] = ("*-administrators",)
    """Glob patterns of target groups that are never created, renamed or deleted and whose members never change."""
    answers: GroupAnswers = NO_GROUP_ANSWERS
    """No part of the configuration: what is known of single groups goes before it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of one kind may be changed unasked: the smaller of the two holds."""

    count: int = 50
    percent: int = 20
    """Of all linked accounts (of all members, for `remove_member_of_group`). Below `FEW` of them only `count` holds."""


FEW = 20
"""Accounts or members up to which no percentage is taken: one of three would be 33 %."""


@dataclass(frozen=True, slots=True)
class BrakeRules:
    """`[target.brakes]`: what holds a run back until an admin has approved it."""

    deactivate: Limit = Limit()
    delete: Limit = Limit(count=10, percent=5)
    remove_member: Limit = Limit(count=500, percent=20)
    """Over all groups; percent of all memberships that were read."""
    remove_member_of_group: Limit = Limit(count=100, percent=50)
    """In one target group."""
    update: Limit = Limit(count=500, percent=50)
    """Updates and renames of accounts."""
    min_admins: int = 1
    """Active members that each administrators' group keeps."""
    admin_groups: tuple[str, ...] = ("*-administrators",)
    """Glob patterns of target groups whose members administer the product."""


@dataclass(frozen=True, slots=True)
class TargetRules:
    """All rules of one target."""

    users: UserRules = UserRules()
    groups: GroupRules = GroupRules()
    brakes: BrakeRules = BrakeRules()
