"""TargetScreen: a screen about one of the targets at a time, which is chosen by going through them."""

from typing import ClassVar

from core.config import TargetSettings
from tui.forms.field import Path
from tui.screens.console_screen import ConsoleScreen
from tui.session import Kept


class TargetScreen(ConsoleScreen):
    """What is shown of one target."""

    TITLE: ClassVar[str]
    """What the heading calls it: `User sync`."""
    NO_TARGET: ClassVar = "No target is configured: write a [[target]] into config.toml first."

    def __init__(self) -> None:
        super().__init__()
        self._at = 0
        self.wanted: Path = ()
        """The setting to begin at; of several that begin so, the first."""
        self._conflict: int | None = None
        """The conflict from which the form was opened: it is gone back to."""

    def begin(self) -> None:
        """Show the target."""
        raise NotImplementedError

    @property
    def target(self) -> TargetSettings | None:
        """The target whose form is shown."""
        targets = self.console.settings.targets
        return targets[self._at % len(targets)] if targets else None

    def title_of(self) -> str:
        """What the heading calls it, and the target."""
        target, targets = self.target, self.console.settings.targets
        which = f" ({self._at + 1} of {len(targets)})" if len(targets) > 1 else ""
        of = f" of {target.name}{which}" if target is not None else ""
        return f"{self.TITLE}{of}"

    def kept(self) -> Kept:
        """The target."""
        return Kept({"target": self.target.name if self.target is not None else ""})

    def take_up(self, kept: Kept) -> None:
        """Show the form of the target."""
        if self._choose(kept.text("target")):
            self.begin()

    def open_at(self, target: str, setting: Path, conflict: int) -> None:
        """Show a setting of a target, for the sake of a conflict."""
        self._choose(target)
        self.wanted, self._conflict = setting, conflict
        self.begin()

    def go_back(self) -> None:
        """Go back to the conflict from which this was opened, if it was."""
        number, self._conflict = self._conflict, None
        if number is not None:
            self.console.run_worker(self.console.show_conflict(number))

    def action_next_target(self) -> None:
        """The form of the next target."""
        self._change_target("form.next_target", 1)

    def action_previous_target(self) -> None:
        """The form of the target before."""
        self._change_target("form.previous_target", -1)

    def _choose(self, name: str) -> bool:
        """Whether another target is shown now: the one of this name, where there is one."""
        names = [target.name for target in self.console.settings.targets]
        before, self._at = self._at, names.index(name) if name in names else self._at
        return self._at != before

    def _change_target(self, action_id: str, by: int) -> None:
        if self.can(action_id):
            self._at = (self._at + by) % len(self.console.settings.targets)
            self.begin()
