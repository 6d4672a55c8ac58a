"""One change, opened: what it is about in words, and its states side by side."""

from dataclasses import replace

from console_stories import K, change

from core.planning.changes import Change
from core.store.changes import Listed
from tui.screens.change_text import change_lines
from tui.screens.sync_facts import ChangeFacts


def shown(about: Change) -> list[str]:
    """The lines, as wide as a plain terminal."""
    named = (about.account, about.account_id, about.group, about.user_id)
    listed = Listed(1, 41, "wiki", 0, about.kind, *named, "planned", 0, None, None, None, None)
    lines = change_lines(ChangeFacts(listed, about, (), None), {}, 80, 0)
    return ["".join(part.text for part in line).rstrip() for line in lines]


def test_a_lead_that_moves_is_named_with_who_led_and_who_will() -> None:
    moving = replace(change(K.MOVE_LEAD), lead="project:ABC", before={"lead": "ada"}, after={"lead": "bob"})
    lines = shown(moving)
    assert lines[0] == " Change 1 of run 41: move-lead what ada leads"
    assert " lead         project:ABC" in lines
    (difference,) = [line for line in lines if line.startswith(" ~")]
    assert difference.split() == ["~", "lead", "ada", "bob"]


def test_the_name_of_a_further_attribute_is_shown_whole() -> None:
    update = replace(
        change(K.UPDATE_ACCOUNT),
        before={"attributes.department": "Sales", "email": "a@example.com"},
        after={"attributes.department": "R&D", "email": "a@example.com"},
    )
    difference = [line.split() for line in shown(update) if line.startswith((" ~", "   email"))]
    assert difference == [
        ["~", "attributes.department", "Sales", "R&D"],
        ["email", "a@example.com", "a@example.com"],
    ]
