"""The console goes on with what config.toml says, whoever wrote it."""

import os
from pathlib import Path

import pytest
from console_stories import LARGE, SMALL, Clock, console, page

from core.config import load_settings
from core.store import Store
from tui.app import Console
from tui.settings_watch import SettingsWatch

pytestmark = pytest.mark.usefixtures("utc")
ENTRA = '[[provider]]\nname = "entra"\nkind = "entra"\n'
OKTA = '[[provider]]\nname = "okta"\nkind = "okta"\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(ENTRA)
    return file


def target(name: str) -> str:
    url = f"https://{name}.example.com"
    return (
        f'[[target]]\nname = "{name}"\nkind = "confluence"\nurl = "{url}"\ncredential = "env:T"\nprovider = "entra"\n'
    )


def write(config: Path, text: str) -> None:
    config.write_text(text)


async def told(app: Console) -> None:
    """A second passes, and what it began ends."""
    app.second()
    await app.workers.wait_for_complete()
    app.tick()


@pytest.mark.parametrize(("key", "place"), [("2", "requests"), ("3", "sync"), ("4", "conflicts"), ("7", "targets")])
async def test_a_target_that_was_added_meanwhile_is_known_on_every_screen(
    store: Store, clock: Clock, config: Path, key: str, place: str
) -> None:
    app = console(store, clock, load_settings(config))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press(key)
        await pilot.pause()
        write(config, ENTRA + OKTA + target("wiki"))
        await told(app)
        await pilot.pause()
        assert app.current_mode == place
        assert [each.name for each in app.settings.targets] == ["wiki"]
        assert "config.toml was read again" in page(app, "flash")
        await pilot.press("3", "s")
        assert "no target is configured" not in page(app, "flash")


async def test_what_cannot_be_used_is_told_and_what_was_read_before_holds(
    store: Store, clock: Clock, config: Path
) -> None:
    app = console(store, clock, load_settings(config))
    async with app.run_test(size=LARGE) as pilot:
        write(config, ENTRA + "[listener]\nbind = 3\n")
        await told(app)
        await pilot.pause()
        assert "what was read before still holds" in page(app, "flash")
        assert [each.name for each in app.settings.providers] == ["entra"]


async def test_a_file_that_is_only_touched_or_gone_changes_nothing(store: Store, clock: Clock, config: Path) -> None:
    app = console(store, clock, load_settings(config))
    async with app.run_test(size=SMALL):
        before = app.settings
        os.utime(config, ns=(1, 1))
        await told(app)
        os.unlink(config)
        await told(app)
        assert app.settings is before
        assert app.last_flash is None


def test_a_change_is_told_once(config: Path) -> None:
    watch = SettingsWatch(config)
    assert not watch.is_changed()
    config.write_text(ENTRA + OKTA)
    assert watch.is_changed()
    assert not watch.is_changed()
