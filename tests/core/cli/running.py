"""Running commands in tests: the program as a function, and what it printed."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.cli import main


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one document that it printed."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The one line of its error."""
        (line,) = self.err.splitlines()
        return line


class Terminal(io.StringIO):
    """What somebody types at a terminal, or is shown there."""

    def isatty(self) -> bool:
        return True


@contextmanager
def terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Standard output as a terminal of so many columns."""
    shown = Terminal()
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdout", shown)
        patched.setenv("COLUMNS", str(columns))
        yield shown


Run = Callable[..., Result]

CONFIG = """\
[store]
url = "sqlite:///manciple.db"
[listener]
bind = "127.0.0.1:0"
public_url = "https://scim.example.com"
[[provider]]
name = "entra"
kind = "entra"
[[target]]
name = "wiki"
kind = "confluence"
url = "{url}"
provider = "entra"
credential = "env:WIKI_TOKEN"
"""


def runner(capsys: pytest.CaptureFixture[str], config: Path) -> Run:
    """Runs a command on `config`, as a user at a shell would."""

    def run(*arguments: str, config: Path | None = config) -> Result:
        capsys.readouterr()
        named = [] if config is None else ["--config", str(config)]
        code = main([*arguments, *named])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run
