"""What can be wrong with a configuration, as values that name file, line, key and remedy.

All problems of a file are reported at once: an admin who fixes one must not be sent round again for the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_LONGEST_QUOTE = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or in `Settings.warnings` one that works but should not stay."""

    file: Path
    line: int | None
    """From 1; `None` where the problem is the file itself."""
    key: str
    """The key with its tables, `target.users.username.from`; empty where the problem is not about a key."""
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        subject = f"{self.key}: " if self.key else ""
        end = "" if self.remedy.endswith("?") else "."
        return f"{place}: {subject}{self.message}. {self.remedy}{end}"


def quoted(text: str) -> str:
    """A text of the user's as it may stand in a message: in quotes, escaped, and not endless."""
    return repr(text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…")


class ConfigError(Exception):
    """A configuration that cannot be used, found, or written. Its text has one line for each problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class ConfigMissing(ConfigError):
    """There is no configuration file. `searched` has the places looked in, in order."""

    def __init__(self, searched: Sequence[Path], message: str) -> None:
        remedy = "Run `manciple init` to write one, or name one with --config PATH"
        super().__init__([Problem(searched[0], None, "", message, remedy)])
        self.searched = tuple(searched)

    def __str__(self) -> str:
        """The message and the places, without a file in front: none of them is there."""
        (problem,) = self.problems
        places = "".join(f"\n  {path}" for path in self.searched)
        return f"{problem.message}:{places}\n{problem.remedy}."


class ConfigChanged(ConfigError):
    """The file changed on disk since it was read, so an edit was not written. `diff` shows what changed."""

    def __init__(self, file: Path, diff: str) -> None:
        message = "the file changed on disk since it was read; nothing was written"
        super().__init__([Problem(file, None, "", message, "Read it again, then repeat the change")])
        self.diff = diff
