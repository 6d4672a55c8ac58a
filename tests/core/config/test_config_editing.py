"""A change keeps comments and order, is written whole or not at all, and never over another's change."""

import os
import stat
import tomllib
from pathlib import Path

import pytest

from core.config import (
    ConfigChanged,
    ConfigError,
    EditPath,
    Source,
    TomlValue,
    difference,
    edited,
    load_settings,
    read_source,
    save,
)

TEXT = """\
# The colleges' provisioning. Ask Ada before changing it.

[[provider]]
name = "entra"   # the old tenant
kind = "entra"

[log]
keep_days = 14  # as the works council wants

# The console of the night shift:
[console]
slow = true

[[target]]
name = "wiki"
kind = "confluence"
url = "https://wiki.example.com"
provider = "entra"
credential = "env:WIKI_TOKEN"

[target.users]
create = true # always
username = { from = "userName", case = "lower" } # short names

[[target]]
name = "docs"
kind = "confluence"
url = "https://docs.example.com"
provider = "entra"
credential = "env:DOCS_TOKEN"
"""


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "config.toml"
    path.write_text(TEXT)
    return read_source(path)


def changed_lines(before: Source, after: Source) -> list[str]:
    """The lines of the difference that were taken out or put in."""
    lines = difference(before, after).splitlines()[2:]
    return [line for line in lines if line.startswith(("+", "-"))]


def test_a_changed_value_changes_its_line_only(source: Source) -> None:
    after = edited(source, {("log", "keep_days"): 30})
    assert changed_lines(source, after) == [
        "-keep_days = 14  # as the works council wants",
        "+keep_days = 30  # as the works council wants",
    ]


def test_a_target_is_found_by_its_name(source: Source) -> None:
    after = edited(source, {("target", "docs", "url"): "https://new.example.com"})
    assert changed_lines(source, after) == ['-url = "https://docs.example.com"', '+url = "https://new.example.com"']


def test_a_key_inside_an_inline_table_is_changed_in_place(source: Source) -> None:
    after = edited(source, {("target", "wiki", "users", "username", "case"): "keep"})
    assert changed_lines(source, after) == [
        '-username = { from = "userName", case = "lower" } # short names',
        '+username = { from = "userName", case = "keep" } # short names',
    ]


def test_a_new_key_goes_behind_the_last_of_its_table_and_before_the_comment_of_the_next(source: Source) -> None:
    after = edited(source, {("log", "bodies"): "none"})
    lines = after.text.splitlines()
    assert lines[lines.index('bodies = "none"') - 1].startswith("keep_days")
    assert changed_lines(source, after) == ['+bodies = "none"']


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("store", "url"), "sqlite:///x.db"),
        (("listener", "allow"), ["10.0.0.0/8"]),
        (("console", "keymap", "sync"), "ctrl+s"),
        (("target", "wiki", "in_flight"), 3),
        (("target", "wiki", "users", "update"), False),
        (("target", "wiki", "users", "email"), {"from": "userName", "match": '^"(.*)"$', "replace": "$1"}),
        (("target", "wiki", "users", "username", "match"), "^(.+)@.*$"),
        (("target", "docs", "users", "create"), False),
        (("target", "docs", "groups", "on_the_fly", "include"), ["App *", 'a"b']),
        (("target", "docs", "schedule", "every"), "never"),
    ],
)
def test_a_key_that_was_not_there_is_added_and_nothing_is_lost(
    source: Source, path: EditPath, value: TomlValue
) -> None:
    after = edited(source, {path: value})
    assert value_at(after, path) == value
    assert not [line for line in changed_lines(source, after) if line.startswith("-") and "username" not in line]


def value_at(source: Source, path: EditPath) -> object:
    below: object = tomllib.loads(source.text)
    for key in path:
        if isinstance(below, list):
            (below,) = (table for table in below if table["name"] == key)
        else:
            assert isinstance(below, dict)
            below = below[key]
    return below


def test_several_changes_are_made_together(source: Source) -> None:
    changes: dict[EditPath, TomlValue | None] = {
        ("target", "docs", "schedule", "every"): "5m",
        ("target", "docs", "schedule", "auto_apply"): "never",
        ("log", "keep_mib"): 1,
    }
    after = edited(source, changes)
    assert {path: value_at(after, path) for path in changes} == changes
    assert 'every = "5m"\nauto_apply = "never"' in after.text


def test_taking_a_key_out_brings_its_default_back(source: Source) -> None:
    after = edited(source, {("log", "keep_days"): None, ("console", "theme"): None, ("store", "url"): None})
    assert changed_lines(source, after) == ["-keep_days = 14  # as the works council wants"]


def test_a_change_that_makes_the_configuration_wrong_is_refused(source: Source) -> None:
    with pytest.raises(ConfigError) as caught:
        edited(source, {("log", "bodies"): "some", ("target", "wiki", "provider"): "okta"})
    assert {problem.key for problem in caught.value.problems} == {"log.bodies", "target.provider"}


def test_a_target_that_is_not_there_is_refused(source: Source) -> None:
    with pytest.raises(ConfigError, match=r"there is no \[\[target\]\] with the name 'blog'"):
        edited(source, {("target", "blog", "url"): "https://blog.example.com"})


def test_a_file_whose_order_cannot_be_kept_is_left_to_the_admin(tmp_path: Path) -> None:
    apart = TEXT + '[[provider]]\nname = "okta"\nkind = "okta"\n'
    with pytest.raises(ConfigError, match="would move other lines"):
        edited(Source(tmp_path / "config.toml", apart.encode()), {("log", "keep_days"): 30})


def test_windows_line_ends_and_a_byte_order_mark_stay(tmp_path: Path) -> None:
    before = Source(tmp_path / "config.toml", b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    after = edited(before, {("log", "keep_days"): 30})
    assert after.content == before.content.replace(b"keep_days = 14", b"keep_days = 30")


def test_a_saved_change_is_on_the_disk_and_the_previous_file_beside_it(source: Source) -> None:
    after = edited(source, {("log", "keep_days"): 30})
    save(source, after)
    assert read_source(source.path) == after
    assert load_settings(source.path).log.keep_days == 30
    assert source.path.with_name("config.toml.bak").read_text() == TEXT
    assert sorted(os.listdir(source.path.parent)) == ["config.toml", "config.toml.bak"]


def test_the_next_save_keeps_the_file_before_it(source: Source) -> None:
    second = edited(source, {("log", "keep_days"): 30})
    save(source, second)
    save(second, edited(second, {("log", "keep_days"): 31}))
    assert source.path.with_name("config.toml.bak").read_bytes() == second.content


def test_a_file_that_changed_meanwhile_is_not_written_over_and_the_difference_is_shown(source: Source) -> None:
    theirs = TEXT.replace("slow = true", "slow = false")
    source.path.write_text(theirs)
    with pytest.raises(ConfigChanged) as caught:
        save(source, edited(source, {("log", "keep_days"): 30}))
    assert "-slow = true\n+slow = false" in caught.value.diff
    assert source.path.read_text() == theirs
    assert os.listdir(source.path.parent) == ["config.toml"]


def test_of_two_who_read_the_same_file_the_second_to_save_is_refused(source: Source) -> None:
    save(source, edited(source, {("log", "keep_days"): 30}))
    with pytest.raises(ConfigChanged, match="changed on disk"):
        save(source, edited(source, {("log", "keep_days"): 31}))
    assert load_settings(source.path).log.keep_days == 30


def test_a_file_that_became_binary_meanwhile_is_still_a_difference_that_can_be_shown(source: Source) -> None:
    source.path.write_bytes(b"\x1b[2J\xff\x00")
    with pytest.raises(ConfigChanged) as caught:
        save(source, edited(source, {("log", "keep_days"): 30}))
    assert "\x1b" not in caught.value.diff


def test_what_is_not_a_valid_configuration_is_never_written(source: Source) -> None:
    with pytest.raises(ConfigError):
        save(source, Source(source.path, b"[log]\nbodies = 1"))
    assert read_source(source.path) == source


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_the_mode_of_the_file_stays(source: Source, mode: int) -> None:
    source.path.chmod(mode)
    save(source, edited(source, {("log", "keep_days"): 30}))
    kept = source.path.with_name("config.toml.bak")
    assert [path.stat().st_mode & 0o7777 for path in (source.path, kept)] == [mode, mode]


def test_an_owner_that_cannot_be_kept_is_a_reason_not_to_write(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    fstat = os.fstat

    def of_another(descriptor: int) -> os.stat_result:
        status = list(fstat(descriptor))
        status[stat.ST_UID] = 4711
        return os.stat_result(status)

    monkeypatch.setattr("os.fchown", refuse)
    monkeypatch.setattr("os.fstat", of_another)
    with pytest.raises(ConfigError, match="belongs to another user"):
        save(source, edited(source, {("log", "keep_days"): 30}))
    assert read_source(source.path) == source
    assert os.listdir(source.path.parent) == ["config.toml"]


@pytest.mark.parametrize("written", [0, 1, 2])
def test_a_disk_that_fills_up_leaves_the_file_as_it_was(
    source: Source, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    fsync = os.fsync
    done: list[int] = []

    def fill_up(descriptor: int) -> None:
        if len(done) == written:
            raise OSError(28, "No space left on device")
        done.append(descriptor)
        fsync(descriptor)

    monkeypatch.setattr("os.fsync", fill_up)
    with pytest.raises(ConfigError, match="No space left on device"):
        save(source, edited(source, {("log", "keep_days"): 30}))
    assert read_source(source.path) == source
    assert set(os.listdir(source.path.parent)) <= {"config.toml", "config.toml.bak"}


def test_a_link_stays_a_link_and_what_it_leads_to_is_changed(source: Source, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(source.path)
    through_link = read_source(link)
    save(through_link, edited(through_link, {("log", "keep_days"): 30}))
    assert link.is_symlink()
    assert load_settings(source.path).log.keep_days == 30


@pytest.mark.parametrize(
    "written",
    [
        'credential = "hunter2"',
        "credential = 'hunter2'",
        'credential = """\nhunter2"""',
        '"credential" = "hunter2"',
        "credential='''hunter2'''",
        'credential = "x\\"hunter2"',
    ],
)
def test_a_difference_shows_no_secret(source: Source, written: str) -> None:
    before = Source(source.path, TEXT.replace('credential = "env:WIKI_TOKEN"', written).encode())
    after = Source(
        source.path, before.content.replace(b"hunter2", b"hunter3").replace(b"create = true", b"create = false")
    )
    shown = difference(before, after)
    assert "+create = false" in shown
    assert "hunter" not in shown


def test_a_difference_shows_no_password_of_the_store(source: Source) -> None:
    after = Source(source.path, (TEXT + '[store]\nurl = "postgresql+psycopg://m:hunter2@db/m"\n').encode())
    assert '+url = "postgresql+psycopg://m:•••@db/m"' in difference(source, after)


def test_a_difference_in_a_secret_alone_is_said_so(source: Source) -> None:
    before = Source(source.path, TEXT.replace("env:WIKI_TOKEN", "hunter2").encode())
    after = Source(source.path, TEXT.replace("env:WIKI_TOKEN", "hunter3").encode())
    assert difference(before, after) == "only the value of a secret differs"


def test_references_are_no_secrets_and_are_shown(source: Source) -> None:
    after = edited(source, {("target", "wiki", "credential"): "file:/run/token"})
    assert changed_lines(source, after) == ['-credential = "env:WIKI_TOKEN"', '+credential = "file:/run/token"']
