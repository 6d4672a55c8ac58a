"""What is decided about users, one at a time: the decision, and all that it is made from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.planning.addresses import Addresses
from core.planning.alike import Alikes
from core.planning.changes import Change, Conflict
from core.planning.leads import Successors
from core.planning.lookup import Lookup
from core.planning.mapping import MappedUser
from core.planning.matching import Matches
from core.planning.notes import Note
from core.planning.rules import UserRules
from core.planning.values import Account, NameRules, SourceUser


@dataclass(frozen=True, slots=True)
class Holder:
    """A user with an account at the target, or with one that this plan creates: its memberships can be planned."""

    user: SourceUser
    account_name: str
    account: Account | None
    """`None`: this plan creates it."""
    is_new: bool = False
    """Its default groups for new users are to be given."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is planned for one user."""

    changes: tuple[Change, ...] = ()
    conflict: Conflict | None = None
    notes: tuple[Note, ...] = ()
    holder: Holder | None = None
    due: int | None = None
    """When its grace period ends, for which it waits."""


NOTHING = Decision()


@dataclass(frozen=True, slots=True)
class Context:
    """What every decision is made from."""

    lookup: Lookup
    rules: UserRules
    is_in_scope: Callable[[SourceUser], bool]
    claims: Mapping[str, Sequence[SourceUser]]
    """Key of an account name → the newcomers that would get the account of this name."""
    matches: Matches
    """The accounts that newcomers get otherwise."""
    renames: Mapping[str, int]
    """Key of an account name → how many accounts are to be called so."""
    successors: Successors
    attributes: frozenset[str] = field(default_factory=frozenset)
    """Names of the further attributes that rules make and accounts can hold."""
    addresses: Addresses = field(default_factory=lambda: Addresses({}, {}))
    """Which e-mail addresses are taken, where that matters."""
    alikes: Alikes | None = None
    """What looks like somebody's account, where rules ask for it."""

    @property
    def names(self) -> NameRules:
        """What the product accepts."""
        return self.lookup.world.capabilities.names

    def is_taken(self, key: str) -> bool:
        """Whether a proposed name must avoid this one: it is at the target, linked, claimed in this plan, or was
        somebody's."""
        return self.lookup.is_taken(key) or key in self.claims or key in self.renames or key in self.lookup.released


def is_present(user: SourceUser, rules: UserRules) -> bool:
    """Whether a user is active at the IdP, as far as is known."""
    return user.active and not user.deleted and user.missed_reads < rules.missed_reads


def is_leaver(user: SourceUser, rules: UserRules, is_in_scope: Callable[[SourceUser], bool]) -> bool:
    """Whether what is done about leavers is done about this user; its grace period may still run."""
    if not is_present(user, rules):
        return True
    return rules.when_out_of_scope == "inactive" and not is_in_scope(user)


def grace_ends(user: SourceUser, rules: UserRules, now: int) -> int | None:
    """When the grace period of a leaver ends; `None` where it is over, or there was none."""
    if is_present(user, rules) or user.gone_at is None:
        return None
    ends = user.gone_at + rules.grace * 1000
    return ends if ends > now else None


def describe(mapped: MappedUser) -> str:
    """The user by userName, as notes list it."""
    return mapped.user.user_name
