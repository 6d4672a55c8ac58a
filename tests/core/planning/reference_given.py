"""What the slow reference is given, and how it finds things in it: by searching from the beginning, every time."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.planning.changes import Change, ChangeKind, Conflict
from core.planning.globs import matching_glob
from core.planning.names import account_key, group_key, normalised
from core.planning.rules import TargetRules
from core.planning.values import Account, Link, SourceGroup, SourceUser, TargetGroup, World

State = frozenset[tuple[str, str | bool | None]]
NOTHING: State = frozenset()
_OF_GROUP_LINKS = (ChangeKind.LINK_GROUP, ChangeKind.UNLINK_GROUP)


@dataclass(frozen=True)
class Expected:
    """What a change does, without its reason."""

    kind: ChangeKind
    user_id: str | None = None
    account: str | None = None
    account_id: str | None = None
    group: str | None = None
    before: State = NOTHING
    after: State = NOTHING
    lead: str | None = None
    group_id: str | None = None
    """The IdP group, where the change is about its link."""
    exchange: int | None = field(default=None, compare=False)
    """The IdP's last word on it."""


def expected(change: Change) -> Expected:
    """What a planned change does."""
    group_id = change.because.group_id if change.kind in _OF_GROUP_LINKS else None
    return Expected(
        change.kind,
        change.user_id,
        change.account,
        change.account_id,
        change.group,
        frozenset(change.before.items()),
        frozenset(change.after.items()),
        change.lead,
        group_id,
    )


def told(conflict: Conflict) -> tuple[str, str]:
    """Kind and subject of a conflict: of a protected group always the target group, whichever IdP group is behind."""
    if conflict.kind == "C29" and not conflict.user_id:
        return "C29", f"target-group:{group_key(conflict.evidence['group'])}"
    return conflict.kind, conflict.subject


def state(**fields: str | bool | None) -> State:
    """A state before or after."""
    return frozenset(fields.items())


@dataclass(frozen=True)
class Given:
    """A world and rules."""

    world: World
    rules: TargetRules

    def link(self, user: SourceUser) -> Link | None:
        return next((link for link in self.world.links if link.user_id == user.id), None)

    def account_of(self, id: str) -> Account | None:
        return next((account for account in self.world.accounts if account.id == id), None)

    def account_named(self, key: str) -> Account | None:
        return next((account for account in self.world.accounts if account.key == key), None)

    def is_held(self, key: str) -> bool:
        """Whether some link has the account of this name, by its name of today, else by the last that was known."""
        seen = [(link, self.account_of(link.account_id)) for link in self.world.links]
        held = [account.key if account else account_key(link.account_name) for link, account in seen]
        return key in held

    def group(self, id: str) -> SourceGroup | None:
        return next((group for group in self.world.groups if group.id == id), None)

    def target_group(self, key: str) -> TargetGroup | None:
        return next((group for group in self.world.target_groups if group.key == key), None)

    def groups_of(self, user: SourceUser) -> set[str]:
        """Ids of the living groups that a user is in, with those that these are in where nesting counts."""
        found = {id for id in user.groups if self._is_living(id)}
        while self.rules.groups.nested == "flatten":
            above = {up for id in found for up in self._parents(id) if self._is_living(up)}
            if above <= found:
                break
            found |= above
        return found

    def is_test(self, created_at: int, names: Iterable[str]) -> bool:
        """Whether a user or group may be a test of the provider's connection."""
        probes = self.world.probes
        is_named = any(matching_glob(probes.names, name) for name in names)
        return is_named or (probes.newer_than is not None and created_at > probes.newer_than)

    def _is_living(self, id: str) -> bool:
        group = self.group(id)
        return group is not None and not group.deleted

    def _parents(self, id: str) -> frozenset[str]:
        group = self.group(id)
        return group.parents if group else frozenset()


def key_of(group: SourceGroup) -> str:
    """The IdP's name of a group, as targets compare names."""
    return group_key(group.display_name)


def name_of(group: SourceGroup) -> str:
    """The IdP's name of a group, as globs and patterns see it."""
    return normalised(group.display_name)
