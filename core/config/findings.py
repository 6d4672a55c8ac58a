"""What was noted while a file was read: problems, warnings, and the keys that exist."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.config.positions import KeyPath
from core.config.problems import Problem, quoted

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Findings:
    """What was noted while a file was read."""

    file: Path
    lines: Mapping[KeyPath, int]
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    """Every key that was asked for, with its tables."""

    def problem(self, path: KeyPath, message: str, remedy: str) -> None:
        """Note what makes the configuration unusable."""
        self.problems.append(Problem(self.file, self._line(path), shown(path), message, remedy))

    def warning(self, path: KeyPath, message: str, remedy: str) -> None:
        """Note what works but should not stay."""
        self.warnings.append(Problem(self.file, self._line(path), shown(path), message, remedy))

    def _line(self, path: KeyPath) -> int | None:
        """The line of the key, or of the nearest table around it that is written out."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


def shown(path: KeyPath) -> str:
    """A path as an admin writes it; which one of several tables is meant, the line says."""
    names = (part for part in path if isinstance(part, str))
    return ".".join(part if _BARE_KEY.fullmatch(part) else quoted(part) for part in names)
