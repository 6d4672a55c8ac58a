"""What demo, sandbox and tests put into a simulated product, and what they look at afterwards."""

from dataclasses import dataclass

from core.sandbox.embedded_crowd import EmbeddedCrowd


@dataclass(frozen=True, slots=True)
class LocalAccount:
    """A user that is there before anybody provisions; the groups are made where they are missing."""

    username: str
    full_name: str
    email: str
    active: bool = True
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountView:
    """A user as far as both sides can be compared."""

    username: str
    full_name: str
    email: str
    active: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that counts at one moment, sorted by name. Memberships are pairs of group and username."""

    accounts: tuple[AccountView, ...]
    groups: tuple[str, ...]
    memberships: frozenset[tuple[str, str]]


def snapshot_of(crowd: EmbeddedCrowd) -> Snapshot:
    """Users, groups and direct memberships as they count now."""
    accounts = [account for key in crowd.accounts() if (account := crowd.account(key))]
    groups = {key: crowd.group(key) or key for key in crowd.groups()}
    return Snapshot(
        tuple(AccountView(each.username, each.full_name, each.email, each.active) for each in accounts),
        tuple(groups.values()),
        frozenset((groups[key], each.username) for each in accounts for key in crowd.groups_of(each.username)),
    )
