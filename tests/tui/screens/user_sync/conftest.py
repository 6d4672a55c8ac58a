from pathlib import Path

import pytest
from console_stories import Clock, console
from user_sync_stories import TEXT, people

from core.config import load_settings
from core.store import Store
from tui.app import Console


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan is computed without waiting for the typing to rest."""
    monkeypatch.setattr("tui.forms.form_screen.SETTLE", 0.001)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(TEXT)
    return path


@pytest.fixture
def app(store: Store, clock: Clock, config: Path) -> Console:
    people(store, "ada@contoso.example", "bob@contoso.example", "zoe@contoso.example")
    return console(store, clock, load_settings(config))
