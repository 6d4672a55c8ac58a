"""The rows of a form: sections, fields, entries that come and go, and a search."""

from collections.abc import Sequence

from tui.forms.draft import Draft
from tui.forms.field import Field, Path
from tui.forms.outline import Entries, Section, edited_in, found, rows_of


def of_rule(path: Path) -> Sequence[Field]:
    return (Field((*path, "to"), "to", "Who takes over.", "texts"),)


RULES = Entries(("users", "lead"), "rule", of_rule, {"to": ("manager",)})
SECTIONS = (
    Section("accounts", "Accounts", "Help.", (Field(("users", "create"), "Create", "Make accounts.", "flag", True),)),
    Section("lead", "Leads", "Help.", (), RULES),
)
TWO = Draft("tracker", {"users": {"lead": [{"to": "manager"}, {"to": ["role:X"]}]}})


def shown(draft: Draft, folded: Sequence[str] = ()) -> list[str]:
    return [" ".join(map(str, (row.kind, *row.path[1:]))) for row in rows_of(SECTIONS, draft, folded)]


def test_every_entry_has_its_fields_and_one_row_adds_another() -> None:
    assert shown(TWO) == [
        "section",
        "field create",
        "section",
        "entry lead 0",
        "field lead 0 to",
        "entry lead 1",
        "field lead 1 to",
        "add lead",
    ]


def test_a_folded_section_shows_its_heading_alone() -> None:
    assert shown(TWO, ["lead", "accounts"]) == ["section", "section"]


def test_a_setting_is_found_by_words_of_its_section_label_key_or_help() -> None:
    rows = rows_of(SECTIONS, TWO)
    assert [row.path for row in found(rows, "make ACCOUNTS")] == [("users", "create")]
    assert len(found(rows, "takes over")) == 2
    assert found(rows, "nonsense") == ()


def test_a_heading_counts_what_differs_from_the_file() -> None:
    accounts, leads = SECTIONS
    draft = TWO.with_value(("users", "create"), False).without(("users", "lead", 0))
    assert (edited_in(accounts, draft), edited_in(leads, draft)) == (1, 1)
    assert (edited_in(accounts, TWO), edited_in(leads, TWO)) == (0, 0)
