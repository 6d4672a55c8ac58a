from pathlib import Path

import pytest

from tui.named_filters import LONGEST_NAME, NamedFilter, NamedFilters, NamedFiltersError, named_file, problem_of_name


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return named_file({"XDG_CONFIG_HOME": str(tmp_path)})


def test_what_is_saved_is_there_in_another_session_by_name(file: Path, tmp_path: Path) -> None:
    assert NamedFilters(file).save("writes", "is:write") is False
    NamedFilters(file).save("Failures", 'text:"a \\"b\\""')
    assert NamedFilters(file).all({}) == [
        NamedFilter("Failures", 'text:"a \\"b\\""', is_own=True),
        NamedFilter("writes", "is:write", is_own=True),
    ]
    assert file == tmp_path / "manciple" / "filters.toml"


def test_the_same_name_again_replaces_the_filter_and_says_so(file: Path) -> None:
    named = NamedFilters(file)
    named.save("a", "is:write")
    assert named.save("a", "is:slow") is True
    assert [each.text for each in named.all({})] == ["is:slow"]


def test_those_of_the_configuration_stand_beside_ones_own_which_hold(file: Path) -> None:
    named = NamedFilters(file)
    named.save("mine", "is:slow")
    shared = {"ours": "is:error", "mine": "is:write"}
    assert [(each.name, each.text, each.is_own) for each in named.all(shared)] == [
        ("mine", "is:slow", True),
        ("ours", "is:error", False),
    ]


def test_deleting_takes_one_away(file: Path) -> None:
    named = NamedFilters(file)
    named.save("a", "is:write")
    named.save("b", "is:slow")
    named.delete("a")
    assert [each.name for each in named.all({})] == ["b"]


def test_a_file_that_is_no_toml_is_told_and_left_as_it_is(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("a = ")
    with pytest.raises(NamedFiltersError, match=r"filters.toml cannot be read: .*; mend it, or move it away"):
        NamedFilters(file).save("b", "is:slow")
    assert file.read_text() == "a = "


def test_what_another_version_wrote_and_this_one_cannot_read_is_passed_over(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text('a = "is:slow"\nb = 3\nc = "brandnew:1"\n')
    assert [each.name for each in NamedFilters(file).all({})] == ["a"]


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "manciple").write_text("a file")
    with pytest.raises(NamedFiltersError, match="cannot be"):
        NamedFilters(named_file({"XDG_CONFIG_HOME": str(tmp_path)})).save("a", "is:slow")


@pytest.mark.parametrize("name", ["", "  ", "a\x1b", "x" * (LONGEST_NAME + 1)])
def test_what_cannot_be_a_name_is_refused_with_the_reason(name: str) -> None:
    assert problem_of_name(name)
    assert not problem_of_name("slow writes")
