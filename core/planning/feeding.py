"""Which IdP groups feed which target groups: what every way of mapping comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.planning.changes import Change, Conflict
from core.planning.notes import Note
from core.planning.values import SourceGroup


@dataclass(frozen=True, slots=True)
class Fed:
    """A target group that gets members."""

    key: str
    name: str
    """As the target writes it; where this plan creates it, as it will be."""


@dataclass(frozen=True, slots=True)
class Feeding:
    """What is planned for groups, and what memberships follow from."""

    rule: str
    """The configuration key that gives the memberships: `groups.on_the_fly` or `groups.map`."""
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[Note, ...] = ()
    fed: Mapping[str, tuple[Fed, ...]] = field(default_factory=dict)
    """IdP group's id → the target groups that get its members."""
    frozen: frozenset[str] = frozenset()
    """Keys of target groups that keep their members: an admin, or a rule, must decide first."""
    emptied: frozenset[str] = frozenset()
    """Keys of target groups that lose members whom manciple did not add, where no rule gives the membership."""
    behind: Mapping[str, SourceGroup] = field(default_factory=dict)
    """Key of a target group → the IdP group that feeds it, did so, or has its name: it explains a removal."""
    about: frozenset[str] = frozenset()
    """Keys of target groups all of whose conflicts were looked for, though no IdP group may stand behind them."""
    removes: bool = True
    """False: only memberships in default groups end, since the IdP's groups are left alone."""


LEFT_ALONE = Feeding("groups.mode", removes=False)
