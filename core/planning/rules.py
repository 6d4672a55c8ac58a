"""The rules of one target: what an admin configured about its users and groups, as plain values.

`core.config` builds them from `[target.users]` and `[target.groups]`; the planner reads them. They hold no
compiled patterns and no secrets, so a plan can carry the rules it was made with.
"""

from dataclasses import dataclass
from typing import Literal

Case = Literal["keep", "lower", "upper"]
NoMatch = Literal["pass", "ignore", "skip-user"]
WhenInactive = Literal["deactivate", "keep"]
GroupMode = Literal["on-the-fly", "off"]


@dataclass(frozen=True, slots=True)
class ValueRule:
    """How one value at the target is made from one attribute of the user.

    `source` is a SCIM attribute path (`userName`, `emails.work`, `displayName`, …). `match` is an RE2 pattern;
    where it matches (anywhere in the value, unless anchored), `replace` is the value: `$0` is the whole match, `$1`
    or `${1}` the first capture group, `$$` a dollar sign. Without `match`, `$0` is the whole value. `no_match` says
    what happens where it does not match: `pass` takes the source value, `ignore` leaves the target's value alone,
    `skip-user` leaves the whole user out: its account and memberships stay as they are. `case` is applied last.
    `core.planning.mapping` checks and applies a rule.
    """

    source: str
    match: str | None = None
    replace: str = "$0"
    case: Case = "keep"
    no_match: NoMatch = "pass"


@dataclass(frozen=True, slots=True)
class UserRules:
    """`[target.users]`: what is done to accounts, and which are never touched."""

    create: bool = True
    update: bool = True
    reactivate: bool = True
    when_inactive: WhenInactive = "deactivate"
    username: ValueRule = ValueRule("userName", case="lower")
    email: ValueRule = ValueRule("emails.work")
    display_name: ValueRule = ValueRule("displayName")
    protect: tuple[str, ...] = ()
    """Glob patterns (`*`, `?`) of account names that are never touched, compared without case."""


@dataclass(frozen=True, slots=True)
class GroupRules:
    """`[target.groups]`: how the IdP's groups become target groups, and which are never touched."""

    mode: GroupMode = "on-the-fly"
    include: tuple[str, ...] = ("*",)
    """Glob patterns (`*`, `?`) of IdP group names that are mapped, compared without case."""
    exclude: tuple[str, ...] = ()
    create_missing: bool = True
    keep_existing_groups: bool = True
    """Keep memberships that manciple did not add. False: memberships in mapped groups that the IdP does not
    give are removed, whoever added them."""
    protect: tuple[str, ...] = ("*-administrators",)
    """Glob patterns of target groups that are never created and whose members are never changed."""


@dataclass(frozen=True, slots=True)
class TargetRules:
    """All rules of one target."""

    users: UserRules = UserRules()
    groups: GroupRules = GroupRules()
