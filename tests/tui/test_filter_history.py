import stat
from pathlib import Path

import pytest

from tui.filter_history import KEPT, FilterHistory, history_file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return history_file({"XDG_STATE_HOME": str(tmp_path / "state")})


def history(file: Path, *texts: str) -> FilterHistory:
    kept = FilterHistory(file)
    for text in texts:
        kept.add(text)
    kept.begin()
    return kept


def test_it_lies_below_the_state_folder_and_only_its_owner_reads_it(file: Path, tmp_path: Path) -> None:
    history(file, "status:4xx")
    assert file == tmp_path / "state" / "manciple" / "filter-history"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert history_file({"HOME": "/x"}).is_absolute()


def test_another_session_goes_on_with_it(file: Path) -> None:
    history(file, "a", "b")
    assert history(file).typed == ["a", "b"]


def test_the_walk_goes_back_to_the_oldest_and_forward_to_what_was_being_typed(file: Path) -> None:
    walk = history(file, "a", "b")
    assert [walk.older("draft"), walk.older("b"), walk.older("a")] == ["b", "a", "a"]
    assert [walk.newer("a"), walk.newer("b"), walk.newer("draft")] == ["b", "draft", "draft"]


def test_the_filter_that_is_set_already_is_passed_over(file: Path) -> None:
    walk = history(file, "a", "b")
    assert walk.older("b") == "a"


def test_what_is_applied_again_is_kept_once_and_last(file: Path) -> None:
    assert history(file, "a", "b", "a", "").typed == ["b", "a"]


def test_only_the_latest_are_kept(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("".join(f"id:{number}\n" for number in range(KEPT + 50)))
    kept = history(file, "last")
    assert (len(kept.typed), kept.typed[0], kept.typed[-1]) == (KEPT, "id:51", "last")


def test_two_consoles_keep_what_the_other_added(file: Path) -> None:
    one, other = history(file), history(file)
    one.add("a")
    other.add("b")
    assert history(file).typed == ["a", "b"]


def test_a_damaged_file_loses_only_what_is_damaged(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(b"good\n\x1b[2J\n\xff\xfe\n" + b"x" * 5_000 + b"\nalso good\n")
    assert history(file).typed == ["good", "��", "also good"]


def test_where_nothing_can_be_written_it_lasts_as_long_as_the_console(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    kept = history(history_file({"XDG_STATE_HOME": str(tmp_path / "state")}), "a", "b")
    assert kept.typed == ["a", "b"]


def test_a_failed_writing_leaves_the_file_and_no_other(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history(file, "a")

    def fail(_self: Path, _target: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", fail)
    history(file, "b")
    assert [each.name for each in file.parent.iterdir()] == ["filter-history"]
    assert file.read_text() == "a\n"
