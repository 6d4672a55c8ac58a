import tomllib
from pathlib import Path

import pytest

from tui.actions import ACTIONS, CONTEXTS, actions_of, bindings, keymap_problems, keys_of

EXAMPLE = Path(__file__).parents[2] / "config.toml.example"


def test_every_action_has_a_name_a_title_one_sentence_of_help_and_a_key() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    for action in ACTIONS:
        assert len(action.title.split()) <= 3
        assert action.help.endswith(".")
        assert keys_of(action.id, {})


def test_every_place_belongs_to_a_context() -> None:
    assert {action.place for action in ACTIONS} <= frozenset().union(*CONTEXTS)


def test_no_key_of_the_actions_themselves_does_two_things() -> None:
    assert keymap_problems({}) == ()


@pytest.mark.parametrize("place", ["overview", "requests", "sync", "audit"])
def test_the_footer_of_a_screen_has_no_two_actions_of_one_rank(place: str) -> None:
    ranks = [action.rank for action in actions_of(place, "list", "everywhere") if action.rank]  # type: ignore[arg-type]
    assert len(set(ranks)) == len(ranks)


@pytest.mark.parametrize(
    ("keymap", "problem"),
    [
        ({"sync.aprove": "A"}, "there is no action 'sync.aprove'"),
        ({"sync.approve": "s"}, "s is given to sync.synchronise and to sync.approve"),
        ({"sync.approve": "j"}, "j is given to sync.approve and to list.cursor_down"),
        ({"requests.filter": "?"}, "? is given to everywhere.help and to requests.filter"),
        ({"list.open": "ctrl+c"}, "ctrl+c of list.open stays the terminal's"),
        ({"everywhere.quit": ""}, "everywhere.quit needs a key"),
        ({"everywhere.quit": "q,,x"}, "everywhere.quit needs a key"),
        ({"question.confirm": "escape"}, "esc is given to dialog.dismiss and to question.confirm"),
    ],
)
def test_a_keymap_with_a_problem_is_told_with_the_names(keymap: dict[str, str], problem: str) -> None:
    assert any(problem in found for found in keymap_problems(keymap))


@pytest.mark.parametrize(
    "keymap",
    [
        {"sync.approve": "A"},
        {"sync.approve": "d", "sync.drop": "a"},
        {"requests.filter": "s"},
        {"everywhere.quit": "ctrl+x, Q"},
    ],
    ids=["a free key", "two that swap", "a key of another screen", "several keys"],
)
def test_a_keymap_that_is_clear_has_no_problem(keymap: dict[str, str]) -> None:
    assert keymap_problems(keymap) == ()


def test_keys_are_told_as_people_write_them() -> None:
    assert keys_of("everywhere.palette", {}) == (":", "ctrl+p")
    assert keys_of("list.open", {}) == ("enter",)
    assert keys_of("everywhere.back", {"everywhere.back": "slash, f5"}) == ("/", "f5")


def test_bindings_carry_the_names_that_a_keymap_changes() -> None:
    assert {binding.id for binding in bindings("sync")} == {action.id for action in actions_of("sync")}


def test_the_keymap_of_the_example_can_be_used() -> None:
    text = EXAMPLE.read_text()
    lines = text[text.index("[console.keymap]") :].split("\n\n")[0].splitlines()
    keymap = tomllib.loads("\n".join(line.removeprefix("##") for line in lines if line.startswith('##   "')))
    assert len(keymap) == 2
    assert keymap_problems(keymap) == ()
