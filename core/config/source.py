"""The configuration file as bytes on a disk, and as text: read whole, bounded, and only if it can be a text."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.config.problems import ConfigError, ConfigMissing, Problem

LARGEST_FILE = 1024 * 1024
"""Bytes. A thousand targets fit; what is larger is some other file."""


@dataclass(frozen=True, slots=True)
class Source:
    """A configuration file as it was at one moment."""

    path: Path
    content: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The content as text, without a byte order mark.

        :raises ConfigError: when it is not UTF-8.
        """
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.content.count(b"\n", 0, error.start) + 1
            raise _error(self.path, "this is not text in UTF-8", "Save the file as UTF-8", line) from None


def read_source(path: Path) -> Source:
    """The file as it is now.

    :raises ConfigMissing: when it is not there.
    :raises ConfigError: when it is no regular file, too large, or cannot be read.
    """
    with _readable(path):
        if not stat.S_ISREG(path.stat().st_mode):
            raise _error(path, "this is not a regular file", "Name a TOML file")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise _error(path, "the file is larger than 1 MiB", "Name a configuration of manciple")
    return Source(path, content)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise ConfigMissing((path,), "the file is not there") from None
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise _error(path, f"cannot be read: {reason}", "Let the user that runs manciple read it") from None


def _error(path: Path, message: str, remedy: str, line: int | None = None) -> ConfigError:
    return ConfigError([Problem(path, line, "", message, remedy)])
