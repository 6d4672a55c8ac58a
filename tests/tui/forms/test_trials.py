"""What an edit comes to: the plan by it beside the plan by the file, counted and bounded."""

from pathlib import Path

import pytest
from console_stories import CONFIG

from core.config import ConfigError, Source
from core.store import Store, identities
from tui.forms.draft import Draft, table_of
from tui.forms.field import Path as Key
from tui.forms.trial_facts import SHOWN, TrialFacts, trial_facts
from tui.forms.trial_text import listed_lines, summary, trial_lines
from tui.forms.trials import Trials

SOURCE = Source(Path("config.toml"), CONFIG.encode())


def hire(store: Store, *names: str) -> None:
    for name in names:
        document = {"userName": name, "displayName": name, "emails": [{"type": "work", "value": f"{name}@x"}]}
        store.writer.write_now(lambda tx, document=document: identities.create(tx, "entra", "User", document))


def facts(store: Store, **edits: object) -> TrialFacts:
    draft = Draft("wiki", table_of(SOURCE, "wiki"))
    for name, value in edits.items():
        key: Key = ("users", *name.split("__"))
        draft = draft.with_value(key, value)  # type: ignore[arg-type]
    return trial_facts(Trials(store, "wiki").compute(SOURCE, draft.changes()))


def text(found: TrialFacts) -> str:
    lines = [*trial_lines(found, 200, 0), *listed_lines(found, 200)]
    return "\n".join("".join(words.text for words in each) for each in lines)


def test_without_an_edit_it_is_the_plan_that_comes_anyway(store: Store) -> None:
    hire(store, "ada", "bob")
    found = facts(store)
    assert (found.total, found.new, found.gone, found.is_edited) == (2, 0, 0, False)
    assert summary(found) == "2 changes"


def test_an_edit_is_told_from_what_comes_anyway(store: Store) -> None:
    hire(store, "ada", "bob")
    found = facts(store, create=False)
    assert (found.total, found.new, found.gone) == (0, 0, 2)
    assert "0 account creations" in text(found)
    assert "(-2 by the edit)" in text(found)
    assert summary(found) == "nothing to change, the edit itself: +0 -2"


def test_what_the_edit_makes_is_listed_first_and_no_more_than_can_be_read(store: Store) -> None:
    hire(store, *(f"p{number:03}" for number in range(SHOWN + 5)))
    found = facts(store, username__match="^p000$", username__replace="zoe")
    assert found.listed[0].what.startswith("create-account zoe")
    assert [each.is_by_edit for each in found.listed[:2]] == [True, False]
    assert len(found.listed) == SHOWN
    assert "… and 5 more" in text(found)


def test_conflicts_are_counted_by_kind_with_what_the_edit_does_to_them(store: Store) -> None:
    hire(store, "ada", "bob")
    found = facts(store, username__from="externalId")
    assert [(count.kind, count.now, count.before) for count in found.conflicts] == [("C05", 2, 0)]
    assert "C05 (+2 by the edit)" in text(found)


def test_an_edit_that_is_no_valid_configuration_is_refused(store: Store) -> None:
    with pytest.raises(ConfigError):
        facts(store, grace="x")
