"""What a seeded world is: the kind it is about, what the catalogue demands, and what a plan must show of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from core.planning.changes import Plan
from core.planning.plan import plan
from core.planning.rules import TargetRules
from core.planning.values import World

Shows = Callable[[Plan], str | None]
"""What of a plan tells of the conflict, in words; `None`: nothing does."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """One world with a conflict in it."""

    world: World
    shows: Shows
    rules: TargetRules = field(default_factory=TargetRules)

    def seen(self) -> str | None:
        """What the plan shows of it."""
        return self.shows(plan(self.world, self.rules))


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of conflict in one form."""

    kind: str
    """The catalogue's code."""
    form: str
    """What is seeded."""
    demand: str
    """What the catalogue demands."""
    seed: Callable[[Random], Seeded]


@dataclass(frozen=True, slots=True)
class Late:
    """A kind that no plan can see, or that none sees yet."""

    kind: str
    form: str
    where: str
    """Where it is found, and why not earlier."""
    counts: bool = False
    """Whether the catalogue demands it at plan time: then it counts as missed."""


def conflict(kind: str, subject: str) -> Shows:
    """A conflict about this subject is planned, and nothing is done for it."""

    def shows(made: Plan) -> str | None:
        found = [each for each in made.conflicts if (each.kind, each.subject) == (kind, subject)]
        if not found or not found[0].resolutions:
            return None
        what, _, ident = subject.partition(":")
        touched = [change for change in made.changes if what == "user" and change.user_id == ident]
        return None if touched and kind not in ("C41", "C29") else f"conflict {kind}: {found[0].title}"

    return shows


def by_rule(change: str, rule: str) -> Shows:
    """A change is planned that names the rule which decided."""

    def shows(made: Plan) -> str | None:
        found = [each for each in made.changes if each.kind == change and each.because.rule.startswith(rule)]
        return f"{change}, by {found[0].because.rule}" if found and not made.conflicts else None

    return shows


def by_brake(brake: str) -> Shows:
    """A brake holds it."""

    def shows(made: Plan) -> str | None:
        found = [hold for hold in made.holds if hold.brake == brake]
        return f"held by {brake}: {found[0].text}" if found else None

    return shows


def by_note(text: str) -> Shows:
    """The plan says that it left it out, and why."""

    def shows(made: Plan) -> str | None:
        found = [note for note in made.notes if text in note]
        return f"note: {found[0]}" if found else None

    return shows
