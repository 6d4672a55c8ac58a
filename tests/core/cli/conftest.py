from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_stub import StubEngine
from running import CONFIG, Run, runner

from core.store import Store


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration of this machine, and no terminal, is there by accident."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("MANCIPLE_CONFIG", raising=False)
    monkeypatch.delenv("MANCIPLE_DEBUG", raising=False)
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with the provider `entra` and the target `wiki`."""
    path = tmp_path / "wiki.toml"
    path.write_text(CONFIG.format(url="https://wiki.example.com"))
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], config: Path) -> Run:
    return runner(capsys, config)


@pytest.fixture
def store(tmp_path: Path, config: Path) -> Iterator[Store]:
    """The store that `config` names."""
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        yield store


@pytest.fixture
def engine(tmp_path: Path, store: Store) -> Iterator[StubEngine]:
    """An engine that is alive on the store."""
    with StubEngine(f"sqlite:///{tmp_path / 'manciple.db'}") as engine:
        yield engine
