import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.planning.globs import Globs, matching_glob


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("*", ""),
        ("*", "anything\nat all"),
        ("svc-*", "svc-"),
        ("svc-*", "SVC-Backup"),
        ("SVC-*", "svc-backup"),
        ("*-administrators", "confluence-administrators"),
        ("team-?", "team-7"),
        ("[App] *", "[App] Users"),
        ("a.b", "a.b"),
        ("straße", "STRASSE"),
    ],
)
def test_a_glob_matches_the_whole_name_without_case(pattern: str, name: str) -> None:
    assert matching_glob((pattern,), name) == pattern


@pytest.mark.parametrize(
    ("pattern", "name"),
    [("svc-*", "my-svc-1"), ("team-?", "team-"), ("team-?", "team-10"), ("[ab]", "a"), ("a.b", "axb"), ("", "a")],
)
def test_a_glob_matches_nothing_else(pattern: str, name: str) -> None:
    assert matching_glob((pattern,), name) is None


def test_the_first_pattern_that_matches_is_told() -> None:
    assert matching_glob(("x*", "a*", "ad*"), "ada") == "a*"


def test_no_pattern_matches_nothing() -> None:
    assert matching_glob((), "ada") is None


def test_a_hostile_pattern_takes_no_time() -> None:
    began = time.perf_counter()
    assert matching_glob(("*a" * 30 + "*b",), "a" * 5000) is None
    assert time.perf_counter() - began < 1


@given(st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20))
def test_any_text_is_a_pattern_and_any_text_a_name(pattern: str, name: str) -> None:
    found = matching_glob((pattern,), name)
    assert found in (pattern, None)
    if not set("*?") & set(pattern):
        assert matching_glob((pattern,), pattern) == pattern


@given(st.lists(st.text("aB*?\u00df\ud800", max_size=6), max_size=12), st.text("Ab\u00dfs\ud800", max_size=6))
def test_of_many_patterns_all_that_match_are_told_in_their_order(patterns: list[str], name: str) -> None:
    each = [pattern for pattern in dict.fromkeys(patterns) if matching_glob((pattern,), name) is not None]
    assert Globs(patterns).matching(name) == each
