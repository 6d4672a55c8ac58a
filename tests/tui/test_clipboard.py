from pathlib import Path

import pytest
from textual.app import App

from tui.clipboard import MOST, copy


class Copying(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.copied: list[str] = []

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)


def test_what_a_terminal_takes_is_sent_to_it() -> None:
    app = Copying()
    assert copy(app, "curl") == "sent to the terminal's clipboard"
    assert app.copied == ["curl"]


def test_what_is_too_long_is_written_to_a_file_of_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    app, text = Copying(), "é" * MOST
    said = copy(app, text)
    (file,) = tmp_path.iterdir()
    assert said == f"too long for a terminal's clipboard: written to {file}"
    assert file.read_text(encoding="utf-8") == text
    assert file.stat().st_mode & 0o077 == 0
    assert app.copied == []


def test_the_limit_is_that_of_the_encoded_text() -> None:
    app = Copying()
    copy(app, "x" * (MOST * 3 // 4))
    assert app.copied
