"""What an edit of `[target.groups]` comes to: the whole plan in numbers, what is mapped on the fly, and three groups
followed through the rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.planning.lookup import lookup
from tui.forms.trial_facts import TrialFacts, trial_facts
from tui.forms.trial_text import listed_lines, summary, trial_lines
from tui.forms.trials import Tried
from tui.screens.group_sync_facts import Fly, Followed, followed, on_the_fly
from tui.screens.group_sync_sides import Sides, sides
from tui.screens.group_sync_text import fly_lines, followed_lines
from tui.widgets.page import Line


@dataclass(frozen=True, slots=True)
class GroupPreview:
    """Numbers, and groups."""

    facts: TrialFacts
    sides: Sides
    fly: Fly | None
    samples: Sequence[Followed]

    @property
    def summary(self) -> str:
        """In one line."""
        return summary(self.facts)

    def lines(self, width: int, now: int) -> list[Line]:
        """At length: numbers, then what is mapped, then the samples, then the first changes."""
        return [
            *trial_lines(self.facts, width, now),
            *fly_lines(self.fly, width),
            *followed_lines(self.samples, width),
            *listed_lines(self.facts, width),
        ]


def group_preview(found: Tried, keys: Sequence[str]) -> GroupPreview:
    """What is shown of a plan; `keys` are those of the target groups that were followed before."""
    trial = found.trial
    tables = lookup(trial.world)
    of = sides(tables, trial.rules, trial.plan)
    rules = trial.rules.groups
    fly = on_the_fly(tables, rules.on_the_fly, trial.plan.conflicts, of) if rules.mode == "on-the-fly" else None
    return GroupPreview(trial_facts(found), of, fly, followed(tables, trial.rules, trial.plan, of, keys))
