"""Stories of the group sync screen: the form of `[target.groups]`, and the manual mapping in a two-sided table."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest
from console_stories import CONFIG, HOSTILE, LARGE, SMALL, Clock, console, drawn, page
from group_sync_stories import AT_TARGET, GROUPS, MANUAL, PEOPLE, fill
from textual.pilot import Pilot

from core.config import load_settings
from core.store import Store
from tui.app import Console
from tui.forms.form_pane import FormPane
from tui.screens.group_sync import GroupSyncScreen
from tui.screens.group_sync_table import MappingTable
from tui.widgets.page import Page

pytestmark = pytest.mark.usefixtures("utc", "at_once")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])
Size = tuple[int, int]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan is computed without waiting for the typing to rest."""
    monkeypatch.setattr("tui.forms.form_screen.SETTLE", 0.001)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(MANUAL)
    return path


@pytest.fixture
def app(store: Store, clock: Clock, config: Path) -> Console:
    fill(store)
    return console(store, clock, load_settings(config))


def on_the_fly(store: Store, clock: Clock, config: Path) -> Console:
    """A console on a target without mappings."""
    return with_text(store, clock, config, CONFIG)


def with_text(store: Store, clock: Clock, config: Path, text: str) -> Console:
    """A console on a target with this configuration."""
    config.write_text(text)
    fill(store)
    return console(store, clock, load_settings(config))


def form(app: Console) -> FormPane:
    return app.screen_stack[0].query_one(FormPane)


def about(app: Console) -> str:
    return " ".join(page(app, "about").split())


def told(app: Console) -> str:
    """What the table says of the row under the cursor."""
    return " ".join(page(app, "table-about").split())


def rows(app: Console, place: str) -> list[str]:
    """The rows of a list of the table, without the position bar."""
    view = app.screen_stack[0].query_one(f"#table-{place}")
    return [row for line in drawn(view).splitlines() if (row := " ".join(line.rstrip(" │▐").split()))]


def text(config: Path) -> str:
    """The file as it is now."""
    return config.read_text()


def saved(config: Path) -> list[str]:
    """Lines of the file that were not there before, and of before that are gone."""
    before, after = MANUAL.splitlines(), text(config).splitlines()
    return [f"-{line}" for line in before if line not in after] + [f"+{line}" for line in after if line not in before]


async def settled(pilot: Pilot[None], app: Console) -> None:
    """All that was edited is planned by."""
    await pilot.pause()
    await pilot.pause(0.01)
    await app.workers.wait_for_complete()
    await pilot.pause()


async def opened(pilot: Pilot[None], app: Console, *keys: str) -> None:
    await pilot.press("9")
    await settled(pilot, app)
    await pilot.press(*keys)
    await settled(pilot, app)


async def preview(pilot: Pilot[None], app: Console) -> str:
    """What the preview says; on a small screen it is shown in the place of the form."""
    await settled(pilot, app)
    await pilot.press("tab")
    await pilot.pause()
    said = " ".join(app.screen_stack[0].query_one("#preview").query_one(Page).text.split())
    await pilot.press("tab")
    return said


async def go_to(pilot: Pilot[None], words: str) -> None:
    await pilot.press("slash", *_keys(words), "enter")
    await pilot.pause()


async def type_in(pilot: Pilot[None], text: str) -> None:
    """Type a value in the place of what stands in the field under the cursor."""
    await pilot.press("enter", "ctrl+a", "ctrl+k", *_keys(text), "enter")
    await pilot.pause()


def _keys(text: str) -> Sequence[str]:
    names = {" ": "space", "/": "slash"}
    return [names.get(character, character) for character in text]


@SIZES
async def test_every_setting_is_in_the_form_with_one_line_of_help(app: Console, size: Size) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        assert "[9 Group sync]" in page(app, "title")
        fields = [row.field for row in form(app).rows if row.field is not None]
        assert {field.key for field in fields} == {
            *(f"groups.{name}" for name in ("mode", "nested", "protect", "create_missing")),
            *("groups.default_for_new", "groups.default_for_all"),
            *(f"groups.map.{name}" for name in ("idp", "target", "keep_existing_members")),
            *(f"groups.on_the_fly.{name}" for name in ("include", "exclude", "match", "replace", "case", "no_match")),
            *(f"groups.on_the_fly.{name}" for name in ("merge", "create_missing", "keep_existing_groups")),
        }
        assert all(field.help.endswith(".") for field in fields)


@SIZES
async def test_on_the_fly_shows_which_groups_match_what_each_becomes_and_whether_it_is_there(
    store: Store, clock: Clock, config: Path, size: Size
) -> None:
    app = on_the_fly(store, clock, config)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "exclude")
        await type_in(pilot, "Test *")
        assert "4 of 5 IdP groups are mapped" in about(app)
        await go_to(pilot, "match regular")
        await type_in(pilot, "^Wiki (.+)$")
        await pilot.press("down")
        await type_in(pilot, "$1")
        assert "Wiki Editors -> Editors is there" in about(app) or "Engineering -> Engineering" in about(app)
        said = await preview(pilot, app)
        assert "On the fly 4 of 5 IdP groups: 3 created, 1 there" in said
        assert "Wiki Editors -> Editors is there" in said
        assert "+ Wiki Readers -> Readers is created" in said
        assert "Test One" not in said


@pytest.mark.parametrize(
    ("words", "typed", "problem"),
    [
        ("match regular", "^(Wiki", "! pattern '^(Wiki', character 7: missing )"),
        ("match regular", "(?=x)", "! pattern '(?=x)', character 1"),
        ("replace", "$7", "! replacement '$7', character 1: there is no capture group 7"),
        ("include", "Nothing *", "! Nothing * matches no IdP group"),
        ("exclude", '"Sales', "! a double quote is left open"),
        ("for everybody", "new/one", "new/one: the product refuses the name: it contains /"),
        ("for new", "not there", "not there: is not there, and Create missing is off"),
    ],
)
async def test_wrong_input_is_explained_below_its_field_and_is_not_lost(
    store: Store, clock: Clock, config: Path, words: str, typed: str, problem: str
) -> None:
    app = on_the_fly(store, clock, config)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await go_to(pilot, words)
        await type_in(pilot, typed)
        await settled(pilot, app)
        assert problem in about(app)
        assert typed in drawn(app.screen_stack[0].query_one("#fields"))


async def test_mode_manual_without_a_mapping_is_wrong_and_the_preview_stays_valid(
    store: Store, clock: Clock, config: Path
) -> None:
    app = on_the_fly(store, clock, config)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "mode what")
        await pilot.press("left")
        await settled(pilot, app)
        assert "there is no [[target.groups.map]] to go by" in about(app)
        assert "this is of the last valid state" in await preview(pilot, app)


@SIZES
async def test_the_table_shows_both_sides_with_members_and_what_each_mapping_does(app: Console, size: Size) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app, "t")
        assert rows(app, "maps") == [
            "> +1 -0 stay Engineering -> wiki-users",
            "! +3 -0 go Wiki *, Gone -> editors, reviewers",
        ]
        assert rows(app, "idp")[:4] == ["> [x] 2 1 Engineering", "[ ] 1 ! Gone", "[ ] 3 1 * Wiki *", "[ ] 1 Sales"]
        assert rows(app, "target")[:2] == ["> [x] 2 1 wiki-users", "[ ] 1 ! reviewers"]
        await pilot.press("down")
        await pilot.pause()
        assert rows(app, "idp")[:2] == ["> [x] 3 1 * Wiki *", "[x] 1 ! Gone"], "what it has comes first"
        assert "! Gone is not there" in told(app)
        await pilot.press("tab")
        await pilot.pause()
        assert "Wiki *: matches 2 groups: Wiki Editors, Wiki Readers; in mapping 2" in told(app)
        await pilot.press("tab")
        await pilot.pause()
        assert "editors: 1 member; in mapping 2 The plan adds 3 and removes 0 members." in told(app)


@SIZES
async def test_a_group_is_put_into_a_mapping_and_its_delta_follows(app: Console, config: Path, size: Size) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app, "t", "tab", "slash", *"sales", "enter", "space")
        assert rows(app, "idp") == ["> [x] 1 1 Sales"]
        assert rows(app, "maps")[0] == "* +2 -0 stay Engineering, Sales -> wiki-users".replace("*", "> *")
        assert "1 change not saved" in page(app, "table-head")
        await pilot.press("ctrl+s")
        await pilot.pause()
        await pilot.press("enter")
        await settled(pilot, app)
        assert saved(config) == ['-idp = "Engineering"', '+idp = ["Engineering", "Sales"]']
        assert "not saved" not in page(app, "table-head")


async def test_a_mapping_is_added_of_the_two_groups_under_the_cursors(app: Console, config: Path) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "t", "tab", "slash", *"sal", "enter", "tab", "slash", *"edi", "enter", "a")
        assert rows(app, "maps")[2] == "> * +1 -0 stay Sales -> editors"
        await pilot.press("ctrl+s")
        await pilot.pause()
        await pilot.press("enter")
        await settled(pilot, app)
        assert text(config) == MANUAL + '\n[[target.groups.map]]\nidp = "Sales"\ntarget = "editors"\n'


async def test_an_edit_of_the_table_is_one_of_the_form_before_anything_else_happens(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "t")
        screen = cast("GroupSyncScreen", app.screen)
        screen.action_add()
        screen.update_frame()
        assert len(rows(app, "maps")) == 3
        assert screen.draft.number_edited == 1


async def test_a_mapping_is_removed_with_its_comment_and_taken_back(app: Console, config: Path) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "t", "x")
        assert len(rows(app, "maps")) == 1
        await pilot.press("u")
        await settled(pilot, app)
        assert len(rows(app, "maps")) == 2
        assert "not saved" not in page(app, "table-head")
        await pilot.press("x", "ctrl+s")
        await pilot.pause()
        await pilot.press("enter")
        await settled(pilot, app)
        assert "# Engineering, as Ada asked." not in text(config)
        assert "# The editors." in text(config)


async def test_whether_other_members_stay_is_changed_for_one_mapping(app: Console, config: Path) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "t", "space")
        assert rows(app, "maps")[0] == "> * +1 -1 go Engineering -> wiki-users", "dan is in no such group"
        assert "+1 -1 members; others in its target groups are taken out" in told(app)
        await pilot.press("space")
        await settled(pilot, app)
        assert rows(app, "maps")[0] == "> +1 -0 stay Engineering -> wiki-users"
        assert "not saved" not in page(app, "table-head"), "as it was is not an edit"


async def test_globs_and_new_names_are_typed_and_say_what_they_mean_as_they_are_typed(
    store: Store, clock: Clock, config: Path
) -> None:
    app = with_text(store, clock, config, MANUAL.replace("mode =", "create_missing = true\nmode ="))
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "t", "tab", "w", *"Nix*")
        assert "Nix*: matches no group" in told(app)
        await pilot.press("ctrl+a", "ctrl+k", "S", "asterisk")
        assert "S*: matches 1 group: Sales" in told(app)
        await pilot.press("enter", "tab", "w", *"a/b")
        assert "a/b: the product refuses the name: it contains /" in told(app)
        await pilot.press("ctrl+a", "ctrl+k", *"fresh")
        assert "fresh: is created" in told(app)
        await pilot.press("enter")
        await settled(pilot, app)
        assert "[x] 1 + fresh" in rows(app, "target")
        assert rows(app, "maps")[0] == "> * +5 -0 stay Engineering, S* -> wiki-users, fresh"


async def test_a_name_that_the_product_refuses_is_marked_in_its_mapping(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "t", "tab", "tab", "w", *_keys("a/b"), "enter")
        assert "[x] 1 ! a/b" in rows(app, "target")
        assert rows(app, "maps")[0].startswith("> !")
        await pilot.press("tab")
        await pilot.pause()
        assert "! a/b (the product refuses the name: it contains /)" in told(app)


async def test_a_mapping_without_a_group_is_wrong_until_it_has_one_and_cannot_be_saved(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "t", "tab", "space")
        assert "! a value is wrong; this is of the last valid" in page(app, "table-head")
        assert "(none) -> wiki-users" in rows(app, "maps")[0]
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "a value is wrong" in page(app, "flash")
        await pilot.press("space")
        await settled(pilot, app)
        assert rows(app, "maps")[0] == "> +1 -0 stay Engineering -> wiki-users"


async def test_escape_leaves_what_is_typed_then_the_search_then_the_table_and_keeps_the_edits(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "t", "space", "tab", "slash", *"sales", "enter")
        assert len(rows(app, "idp")) == 1
        await pilot.press("w", *"xyz", "escape")
        assert len(rows(app, "idp")) == 1
        await pilot.press("escape")
        assert len(rows(app, "idp")) == 7
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen_stack[0].query_one("#form").display
        assert form(app).draft.number_edited == 1


async def test_the_keys_of_the_form_do_nothing_while_the_table_is_open(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "t", "d", "right", "n")
        assert form(app).draft.number_edited == 0
        await pilot.press("slash", *"x u a", "enter")
        assert form(app).draft.number_edited == 0, "letters that are typed are no keys"


@SIZES
async def test_a_table_that_is_not_used_says_so_and_says_how_to_begin(
    store: Store, clock: Clock, config: Path, size: Size
) -> None:
    app = on_the_fly(store, clock, config)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app, "t")
        assert "Mode is on-the-fly: these are not used. Set Mode to manual in the form." in page(app, "table-head")
        assert "There is no mapping yet: go to a group on each side, and press a." in told(app)
        await pilot.press("space")
        await pilot.pause()
        assert "there is no mapping yet" in page(app, "flash")
        await pilot.press("a")
        await settled(pilot, app)
        assert "Engineering -> confluence-administrators" in rows(app, "maps")[0]


async def test_thousands_of_groups_on_either_side_are_gone_through_like_ten(
    store: Store, clock: Clock, config: Path
) -> None:
    fill(
        store,
        groups={f"Team {number:04}": () for number in range(3000)},
        at_target={f"group-{number:04}": () for number in range(3000)},
    )
    app = console(store, clock, load_settings(config))
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "t", "tab", "end")
        assert rows(app, "idp")[-1] == "> [ ] 0 Team 2999"
        await pilot.press("tab", "slash", *"299", "enter")
        await pilot.pause()
        assert rows(app, "target")[0].endswith("group-0299")
        await pilot.press("down", "space")
        await settled(pilot, app)
        assert rows(app, "maps")[0].endswith("Engineering -> wiki-users, group-1299")


@SIZES
async def test_names_that_are_hostile_are_shown_as_plain_text(
    store: Store, clock: Clock, config: Path, size: Size
) -> None:
    fill(store, PEOPLE, {**GROUPS, **dict.fromkeys(HOSTILE, ("ada",))}, {**AT_TARGET, HOSTILE[1]: ()})
    app = console(store, clock, load_settings(config))
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app, "t", "tab")
        for _ in range(len(HOSTILE) + 7):
            await pilot.press("down")
            assert not {"\x1b", "\u202e"} & set(told(app) + "".join(rows(app, "idp")))
        assert any("[red]bob[/red]" in row for row in rows(app, "target"))


async def test_an_idle_table_draws_nothing(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "t")
        table = app.screen_stack[0].query_one(MappingTable)
        drawn_again: list[object] = []
        for widget in table.query("*"):
            widget.refresh = lambda *regions, **_: drawn_again.append(regions)  # type: ignore[method-assign,assignment]
        app.second()
        await pilot.pause()
        assert drawn_again == []
        table.tell("other news", "")
        assert drawn_again != []


async def test_a_list_that_is_clicked_has_the_keys(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "t")
        await pilot.click("#table-target")
        await pilot.press("down", "space")
        await settled(pilot, app)
        assert rows(app, "maps")[0].endswith("Engineering -> wiki-users, reviewers")
