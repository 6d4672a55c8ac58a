"""What an edit of `[target.users]` comes to: the whole plan in numbers, and three people followed through the rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from core.apply.explanations import explained
from core.planning.explaining import Step, coming_for_user
from core.planning.explaining_users import explain_user
from core.planning.values import SourceUser, World
from core.planning.wording import called
from tui import marks
from tui.forms.trial_facts import TrialFacts, trial_facts
from tui.forms.trial_text import listed_lines, summary, trial_lines
from tui.forms.trials import Tried
from tui.marks import Mark
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

SAMPLES = 3
_MARKS: dict[str, Mark] = {"yes": marks.GOOD, "no": marks.LOOK, "n/a": marks.NOTE}


@dataclass(frozen=True, slots=True)
class Sample:
    """One person, and what the rules say."""

    user: SourceUser
    steps: Sequence[Step]
    """Every rule that is asked and applies, or stands in the way."""
    coming: Sequence[Step]
    """What the next plan would do."""


@dataclass(frozen=True, slots=True)
class UserPreview:
    """Numbers, and people."""

    facts: TrialFacts
    samples: Sequence[Sample]

    @property
    def summary(self) -> str:
        """In one line."""
        return summary(self.facts)

    def lines(self, width: int, now: int) -> list[Line]:
        """At length: numbers, then the people, then the first changes."""
        followed = [row for sample in self.samples for row in _followed(sample, width)]
        head = [(), line(Words(" Three people followed through the rules", "page--title"))] if followed else []
        return [*trial_lines(self.facts, width, now), *head, *followed, *listed_lines(self.facts, width)]


def user_preview(found: Tried, connection: Connection, ids: Sequence[str]) -> UserPreview:
    """What is shown of a plan; `ids` are those of the people that were followed before, who are followed on."""
    setting = replace(found.setting, rules=found.trial.rules)
    chosen = _chosen(found.trial.world, ids)
    basis = explained(connection, setting, [user.id for user in chosen], None)
    there = [user for user in chosen if user.id in basis.lookup.users]
    samples = [Sample(user, _asked(explain_user(basis, user.id)), coming_for_user(basis, user.id)) for user in there]
    return UserPreview(trial_facts(found), tuple(samples))


def _chosen(world: World, ids: Sequence[str]) -> list[SourceUser]:
    """Those of before, and in the place of those that are missing: by name two who are active, and one who left."""
    users = {user.id: user for user in world.users}
    kept = [users[ident] for ident in ids if ident in users]
    if len(kept) == SAMPLES:
        return kept
    listed = sorted((user for user in world.users if user not in kept), key=lambda user: (user.user_name, user.id))
    here = [user for user in listed if user.active and not user.deleted]
    gone = [user for user in listed if not user.active and not user.deleted]
    wanted = [*here[: SAMPLES - 1], *gone[:1], *here[SAMPLES - 1 :]]
    return [*kept, *wanted][:SAMPLES]


def _asked(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(step for step in steps if step.verdict != "n/a")


def _followed(sample: Sample, width: int) -> list[Line]:
    user = sample.user
    rows: list[Line] = [line(Words(f" {user.user_name}", "page--key"), Words(f"  {called(user)}", "page--dim"))]
    for step in sample.steps:
        rows += _step(step, _MARKS[step.verdict], width)
    for step in sample.coming:
        mark = marks.NOTE if step.rule == "plan" else marks.AWAITED if step.verdict == "yes" else marks.LOOK
        rows += _step(step, mark, width)
    return rows


def _step(step: Step, mark: Mark, width: int) -> list[Line]:
    first, *rest = wrapped(f"{step.rule}: {step.text}", max(20, width - 6))
    style = mark.on_page if mark in (marks.LOOK, marks.NOTE) else "page--plain"
    head = line(Words(f"   {mark.sign} ", mark.on_page), Words(first, style))
    return [head, *(line(Words(f"     {part}", style)) for part in rest)]
