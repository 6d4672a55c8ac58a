"""What a console shows, in its file."""

import json
import logging
import os
import stat
from pathlib import Path

import pytest

from core.admin import admin
from tui.session import Kept, Session, read_session, session_file, write_session
from tui.session_keeping import SessionKeeping

STORE = "sqlite:////var/lib/manciple.db"
SESSION = Session(STORE, "requests", "manciple-light", {"requests": Kept({"filter": "user:ada", "held": 7})})
USER = admin().partition("@")[0]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "state" / "manciple" / "console.json"
    write_session(file, SESSION)
    assert read_session(file, STORE) == SESSION


def test_only_its_user_can_read_it_and_nothing_else_is_left_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "manciple" / "console.json"
    write_session(file, SESSION)
    write_session(file, Session(STORE))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list(file.parent.iterdir()) == [file]


def test_where_it_cannot_be_written_the_one_before_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, target: Path) -> None:
        raise OSError("no room left")

    file = tmp_path / "console.json"
    write_session(file, SESSION)
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="no room left"):
        write_session(file, Session(STORE, "sync"))
    assert read_session(file, STORE) == SESSION
    assert list(tmp_path.iterdir()) == [file]


def test_no_file_is_a_console_that_begins_and_no_word_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert read_session(tmp_path / "none", STORE) == Session(STORE)
    assert caplog.records == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"store": "a", "screen": 3, "theme": "", "screens": {}}',
        b'{"store": "a", "screen": "", "theme": "", "screens": {"sync": 3}}',
        b'{"store": "a", "screen": "", "theme": "", "screens": {"sync": {"run": [1]}}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_ignored_with_one_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    file = tmp_path / "console.json"
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert read_session(file, STORE) == Session(STORE)
    (record,) = caplog.records
    assert str(file) in record.getMessage()
    assert "\n" not in record.getMessage()


def test_of_another_store_only_the_screen_and_the_theme_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "console.json"
    write_session(file, SESSION)
    assert read_session(file, "sqlite:///other.db") == Session("sqlite:///other.db", "requests", "manciple-light")


def test_a_kept_value_of_another_type_is_not_there() -> None:
    kept = Kept({"text": 3, "number": "three", "flag": "yes", "negative": -1})
    assert (kept.text("text"), kept.number("number"), kept.is_set("flag")) == ("", 0, False)
    assert (kept.number("negative"), kept.text("none")) == (0, "")


def test_it_is_kept_beside_a_configuration_that_was_named(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    assert session_file(config, True, {}) == tmp_path / f".config.toml.{USER}.console"


def test_else_it_is_kept_below_the_state_folder_one_for_each_configuration(tmp_path: Path) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path)}
    one, other = (session_file(Path(name), False, environment) for name in ("/etc/a.toml", "/etc/b.toml"))
    assert one.parent == other.parent == tmp_path / "manciple"
    assert one != other
    assert one == session_file(Path("/etc/a.toml"), False, environment)


@pytest.mark.parametrize("named", [True, False])
def test_where_the_folder_cannot_be_written_to_the_state_folder_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert session_file(Path("/etc/a.toml"), named, {}).parent == tmp_path / ".local" / "state" / "manciple"


async def test_it_is_written_where_it_is_news_and_never_else(tmp_path: Path) -> None:
    file = tmp_path / "console.json"
    keeping = SessionKeeping(file, Session(STORE))
    await keeping.keep()
    assert not file.exists()
    keeping.note("sync", Kept({"run": 3}), "")
    assert keeping.is_news
    await keeping.keep()
    before = file.stat()
    keeping.note("sync", Kept({"run": 3}), "")
    await keeping.keep()
    assert file.stat() == before
    assert json.loads(file.read_text())["screens"] == {"sync": {"run": 3}}


async def test_where_it_cannot_be_kept_that_is_noted_once_for_each_news(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    keeping = SessionKeeping(tmp_path / "file" / "console.json", Session(STORE))
    keeping.note("sync", Kept(), "")
    await keeping.keep()
    await keeping.keep()
    assert len(caplog.records) == 1
    assert "not kept" in caplog.records[0].getMessage()


async def test_without_a_file_nothing_is_kept() -> None:
    keeping = SessionKeeping()
    keeping.note("sync", Kept({"run": 3}), "")
    assert not keeping.is_news
    await keeping.keep()
