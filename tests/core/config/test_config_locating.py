"""Where the configuration is looked for, and in which order."""

from pathlib import Path

import pytest

from core.config import ConfigMissing, locate, place_for_new


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def user_file(tmp_path: Path) -> Path:
    file = tmp_path / "xdg" / "manciple" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text("")
    return file


def test_a_named_file_wins_over_all_others(here: Path, tmp_path: Path) -> None:
    (here / "config.toml").write_text("")
    named, by_variable = tmp_path / "named.toml", tmp_path / "variable.toml"
    named.write_text("")
    by_variable.write_text("")
    assert locate(named, {"MANCIPLE_CONFIG": str(by_variable)}) == named


def test_the_variable_wins_over_the_usual_places(here: Path, tmp_path: Path) -> None:
    (here / "config.toml").write_text("")
    by_variable = tmp_path / "variable.toml"
    by_variable.write_text("")
    assert locate(None, {"MANCIPLE_CONFIG": str(by_variable)}) == by_variable


def test_the_current_folder_wins_over_the_user_s(here: Path, user_file: Path) -> None:
    (here / "config.toml").write_text("")
    assert locate(None, {"XDG_CONFIG_HOME": str(user_file.parent.parent)}) == here / "config.toml"


def test_the_user_s_folder_is_looked_into(here: Path, user_file: Path) -> None:
    assert locate(None, {"XDG_CONFIG_HOME": str(user_file.parent.parent)}) == user_file


def test_without_xdg_the_user_s_folder_is_dot_config(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    file = tmp_path / ".config" / "manciple" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text("")
    assert locate(None, {}) == file


def test_a_relative_name_is_taken_from_the_current_folder(here: Path) -> None:
    (here / "my.toml").write_text("")
    assert locate(Path("my.toml"), {}) == here / "my.toml"


def test_nothing_found_lists_where_it_looked_and_says_init(here: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigMissing) as caught:
        locate(None, {"XDG_CONFIG_HOME": str(tmp_path / "none")})
    assert caught.value.searched == (
        here / "config.toml",
        tmp_path / "none/manciple/config.toml",
        Path("/etc/manciple/config.toml"),
    )
    assert all(str(place) in str(caught.value) for place in caught.value.searched)
    assert "`manciple init`" in str(caught.value)


@pytest.mark.parametrize(
    ("named", "environment", "named_by"),
    [(Path("gone.toml"), {}, "--config"), (None, {"MANCIPLE_CONFIG": "gone.toml"}, "$MANCIPLE_CONFIG")],
)
def test_a_named_file_that_is_not_there_is_an_error_and_no_other_is_taken(
    here: Path, named: Path | None, environment: dict[str, str], named_by: str
) -> None:
    (here / "config.toml").write_text("")
    with pytest.raises(ConfigMissing) as caught:
        locate(named, environment)
    assert caught.value.searched == (here / "gone.toml",)
    assert str(caught.value).startswith(f"{named_by} names a file that is not there")


def test_a_place_that_may_not_be_looked_into_is_not_passed_over(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed" / "manciple" / "config.toml"
    exists = Path.exists

    def refuse_closed(path: Path) -> bool:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return exists(path)

    monkeypatch.setattr(Path, "exists", refuse_closed)
    assert locate(None, {"XDG_CONFIG_HOME": str(tmp_path / "closed")}) == closed


def test_a_new_file_goes_where_the_admin_says_else_here(here: Path, tmp_path: Path) -> None:
    assert place_for_new(tmp_path / "a.toml", {"MANCIPLE_CONFIG": "b.toml"}) == tmp_path / "a.toml"
    assert place_for_new(None, {"MANCIPLE_CONFIG": "b.toml"}) == here / "b.toml"
    assert place_for_new(None, {}) == here / "config.toml"
