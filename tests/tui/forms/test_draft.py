"""What an admin has changed: beside what stands in the file, lossless, and as little as possible of it."""

from pathlib import Path

import pytest
from console_stories import CONFIG

from core.config import Source, edited
from tui.forms.draft import Draft, table_of

TEXT = f"""
{CONFIG}
[target.users]
create = false  # for now
protect = ["admin", "svc-*"]
email = {{ from = "emails.work" }}
"""
SOURCE = Source(Path("config.toml"), TEXT.encode())
MATCH = ("users", "username", "match")


@pytest.fixture
def draft() -> Draft:
    return Draft("wiki", table_of(SOURCE, "wiki"))


def test_what_is_not_given_has_no_value(draft: Draft) -> None:
    assert draft.value(("users", "create")) is False
    assert draft.value(("users", "update")) is None
    assert draft.value(MATCH) is None
    assert not draft.is_edited


def test_an_edit_is_seen_and_taken_back_by_the_saved_value(draft: Draft) -> None:
    changed = draft.with_value(("users", "create"), True)
    assert (changed.value(("users", "create")), changed.was(("users", "create"))) == (True, False)
    assert changed.differs(("users", "create"))
    assert changed.as_saved(("users", "create")) == draft
    assert draft.with_value(("users", "protect"), ("admin", "svc-*")) == draft


def test_a_text_that_is_no_value_stays_and_the_value_too(draft: Draft) -> None:
    typed = draft.with_text(("users", "missed_reads"), "two")
    assert typed.is_edited
    assert typed.value(("users", "missed_reads")) is None
    assert typed.with_value(("users", "missed_reads"), 3).typed == {}


def test_a_value_rule_that_is_not_there_is_written_in_one_line(draft: Draft) -> None:
    changed = draft.with_value(MATCH, "^a").with_value(("users", "username", "replace"), "b")
    assert changed.changes() == {("target", "wiki", "users", "username"): {"match": "^a", "replace": "b"}}
    assert 'username = {match = "^a", replace = "b"}' in edited(SOURCE, changed.changes()).text


def test_of_one_that_is_there_only_the_key_changes(draft: Draft) -> None:
    changed = draft.with_value(("users", "email", "case"), "lower")
    assert changed.changes() == {("target", "wiki", "users", "email", "case"): "lower"}


def test_comments_and_all_else_stay(draft: Draft) -> None:
    after = edited(SOURCE, draft.with_value(("users", "create"), True).changes()).text
    assert after == TEXT.replace("false", "true")


def test_a_table_that_is_added_is_edited_as_a_whole(draft: Draft) -> None:
    path = ("users", "attributes", "first_name")
    added = draft.with_value(path, {"from": "name.givenName"}).with_value((*path, "case"), "upper")
    assert added.changes() == {("target", "wiki", *path): {"from": "name.givenName", "case": "upper"}}
    assert added.without(path) == draft


def test_a_list_of_tables_changes_as_a_whole(draft: Draft) -> None:
    path = ("users", "lead")
    two = draft.with_value((*path, 0), {"to": ("manager",)}).with_value((*path, 1, "to"), ("user:x",))
    assert two.edits == {path: ({"to": ("manager",)}, {"to": ("user:x",)})}
    assert two.without((*path, 0)).value(path) == ({"to": ("user:x",)},)
    assert two.without((*path, 0)).without((*path, 0)) == draft


def test_a_limit_that_is_not_there_is_written_in_one_line(draft: Draft) -> None:
    limit = {"count": 5, "percent": 2}
    changed = draft.with_value(("brakes", "deactivate"), limit)
    assert changed.changes() == {("target", "wiki", "brakes", "deactivate"): limit}
    saved = Draft("wiki", {"brakes": {"deactivate": {"count": 5, "percent": 9}}})
    assert saved.with_value(("brakes", "deactivate"), limit).changes() == {
        ("target", "wiki", "brakes", "deactivate", "percent"): 2
    }


def test_edits_stay_when_the_file_is_another_one_by_now(draft: Draft) -> None:
    changed = draft.with_value(("users", "create"), True).with_value(("users", "update"), False)
    changed = changed.with_text(("users", "missed_reads"), "x")
    rebased = changed.rebased({"users": {"create": True, "rename": False}})
    assert (rebased.edits, rebased.typed) == ({("users", "update"): False}, {("users", "missed_reads"): "x"})
    assert rebased.value(("users", "rename")) is False
