"""What one console remembers of the way its admin looks for requests: filters by name, those typed, and the trail."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.filter_history import FilterHistory, history_file
from tui.named_filters import NamedFilters, named_file
from tui.trail import Trail


@dataclass(slots=True)
class Remembered:
    """It is empty until it is asked: nothing is read before a filter is typed or chosen."""

    history: FilterHistory
    filters: NamedFilters
    trail: Trail = field(default_factory=Trail)
    replay_to: str = ""
    """Where a request was sent again last."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Remembered":
        """That of the user whose environment it is."""
        return cls(FilterHistory(history_file(environment)), NamedFilters(named_file(environment)))
