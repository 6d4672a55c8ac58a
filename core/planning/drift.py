"""Drift: where a target is not as it was left, so that somebody else must have changed it.

Left is what was last observed or written; each observation is compared with it. Drift is a report and changes nothing
by itself: what the rules want otherwise, the plan says; what nobody has rules for is an admin's choice.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from core.planning.values import Account

Kind = Literal[
    "account-changed",
    "account-gone",
    "member-added",
    "member-removed",
    "group-gone",
    "orphan-account",
    "orphan-group",
]
"""The orphans are what has nobody behind it: an account without a user, a group of ours that nothing maps to."""


@dataclass(frozen=True, slots=True)
class Drifted:
    """One difference."""

    kind: Kind
    name: str
    """For people: the account, the group, or `account in group`."""
    account_id: str | None = None
    group_key: str | None = None
    field: str | None = None
    """Of an account that was changed."""
    before: str | None = None
    """As it was left, in words."""
    after: str | None = None
    """As it was found, in words."""


def differences(left: Account, found: Account, managed: Collection[str], ours: Collection[str]) -> Iterator[Drifted]:
    """How one linked account differs from how it was left, in its values and its memberships.

    `left.groups` are its groups as they were left. `managed` are those that manciple added it to, `ours` all that it
    manages members of: another group's members are not our business. What either side does not tell is no difference.
    """
    for field, before, after in _values(left, found):
        if before is not None and after is not None and before != after:
            yield Drifted("account-changed", found.name, found.id, None, field, before, after)
    if found.groups is None:
        return
    for key in sorted(set(managed) - found.groups):
        yield Drifted("member-removed", f"{found.name} in {key}", found.id, key, None, "member", "no member")
    for key in sorted((found.groups & set(ours)) - (left.groups or frozenset())):
        yield Drifted("member-added", f"{found.name} in {key}", found.id, key, None, "no member", "member")


def value(account: Account, field: str) -> str | None:
    """One value of an account in words; `None` where the target does not tell."""
    return next((after for name, after, _ in _values(account, account) if name == field), None)


def _values(left: Account, found: Account) -> Iterator[tuple[str, str | None, str | None]]:
    yield "name", left.name, found.name
    yield "display_name", left.display_name, found.display_name
    yield "email", left.email, found.email
    yield "active", _state(left), _state(found)
    for name in sorted({*left.attributes, *found.attributes}):
        yield f"attributes.{name}", left.attributes.get(name, ""), found.attributes.get(name, "")


def _state(account: Account) -> str:
    return "active" if account.active else "inactive"
