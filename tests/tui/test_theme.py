from pathlib import Path

import pytest
from console_stories import (
    LARGE,
    NOW,
    Clock,
    K,
    change,
    conflict,
    console,
    plan_run,
    start_engine,
    with_console,
)
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from core.exchange import Exchange
from core.store import Store, Transaction, audit, conflicts, runs
from tui.app import Console
from tui.theme import NO_COLOR_THEME, SHIPPED, effective_theme, load_themes, usable_theme

SHIPPED_THEMES = load_themes([SHIPPED]).themes
INKS = ("foreground", "primary", "secondary", "warning", "error", "success", "accent")
PAPERS = ("background", "surface", "panel")
HIGH_CONTRAST = "manciple-high-contrast"
DRAWN = "▐│─█▁▂▃▄▅▆▇"
"""Signs of bars and lines: what they say is said in words too."""


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG 2.2, from relative luminance."""

    def luminance(color: Color) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.normalized]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def filled(tx: Transaction) -> None:
    """Something of every mark: an engine, traffic, a plan that waits, a run that failed, an open conflict."""
    start_engine(tx)
    for status in (201, 409, 503):
        tx.log(Exchange("in", "entra", NOW - 5000, 9000, "POST", "/Users", status, "ada"))
    runs.finish(tx, runs.start(tx, "wiki", "push", "2 keys"), "failed", "it did not answer")
    run = plan_run(tx, [change(K.CREATE_ACCOUNT), change(K.DEACTIVATE_ACCOUNT)], conflicts=1)
    conflicts.record(tx, "wiki", run, [conflict()], lambda _: True)
    audit.note(tx, "ada@adm", "sync", "wiki", "all of it")


def painted(app: Console) -> list[tuple[str, Style]]:
    """Each piece of text that is on the screen, with its style."""
    strips = app.screen._compositor.render_strips(app.size)
    pieces = [(segment.text, segment.style) for strip in strips for segment in strip if segment.style]
    return [(text, style) for text, style in pieces if text.strip(f" {DRAWN}")]


def style_contrast(style: Style) -> float:
    """The contrast of a style's text with what is behind it."""
    assert style.color is not None
    assert style.bgcolor is not None
    return contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def needed(theme: Theme) -> float:
    """The least contrast of text: level AA of WCAG 2.2 (success criterion 1.4.3), for high contrast AAA (1.4.6)."""
    return 7.0 if theme.name == HIGH_CONTRAST else 4.5


def test_the_shipped_themes_load_without_a_problem() -> None:
    loaded = load_themes([SHIPPED])
    names = {"dark", "light", "high-contrast", "monochrome", "cloister", "parchment"}
    assert {theme.name for theme in loaded.themes} == {f"manciple-{name}" for name in names}
    assert loaded.problems == ()


@pytest.mark.parametrize("theme", SHIPPED_THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ink", [*INKS, "foreground-muted"])
@pytest.mark.parametrize("paper", PAPERS)
def test_every_ink_of_a_shipped_theme_is_readable_on_its_paper(theme: Theme, ink: str, paper: str) -> None:
    colours = theme.to_color_system().generate()
    assert contrast(Color.parse(colours[ink]), Color.parse(colours[paper])) >= needed(theme)


def test_the_monochrome_theme_has_no_hue() -> None:
    (theme,) = (theme for theme in SHIPPED_THEMES if theme.name == "manciple-monochrome")
    colours = theme.to_color_system().generate()
    assert all(Color.parse(colours[name]).hsl.s == 0 for name in (*INKS, *PAPERS, "foreground-muted"))


@pytest.mark.parametrize("theme", SHIPPED_THEMES, ids=lambda theme: theme.name)
async def test_every_text_on_every_screen_is_readable_in_every_shipped_theme(
    store: Store, clock: Clock, theme: Theme
) -> None:
    store.writer.write_now(filled)
    app = console(store, clock, with_console(theme=theme.name))
    faint = set()
    async with app.run_test(size=LARGE) as pilot:
        for key in "1234567890":
            await pilot.press(key)
            await pilot.pause()
            shown = painted(app)
            assert len({style for _, style in shown}) > 5, key
            faint |= {(key, text.strip()) for text, style in shown if style_contrast(style) < needed(theme)}
    assert faint == set()


@pytest.mark.parametrize("theme", SHIPPED_THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", INKS[1:])
def test_text_on_a_base_colour_of_a_shipped_theme_is_readable(theme: Theme, ground: str) -> None:
    paper = Color.parse(getattr(theme, ground))
    alpha = float(theme.to_color_system().generate()["text"].removeprefix("auto ").rstrip("%")) / 100
    assert contrast(paper + paper.get_contrast_text(alpha), paper) >= 4.5


@pytest.mark.parametrize(
    ("text", "key", "accepted"),
    [
        ('name = "x"\nprimary = "blu"', "primary", "must be a colour"),
        ('name = "x"', "primary", "must be a colour"),
        ('primary = "red"', "name", "not empty"),
        ('name = "x"\nprimary = "red"\nprimry = "red"', "primry", "unknown key; accepted are name, dark"),
        ('name = "x"\nprimary = "red"\ndark = "yes"', "dark", "true or false"),
        ('name = "x"\nprimary = "red"\nvariables = 3', "variables", "a table"),
        ('name = "x"\nprimary = "red"\n[variables]\nmark = "nope"', "variables.mark", "must be a colour"),
        ('name = "x"\nprimary = "red"\n[variables]\nlink-style = "loud"', "variables.link-style", "bold"),
        ("name = ", "", "must be TOML"),
    ],
)
def test_a_broken_theme_is_reported_and_the_others_still_load(
    tmp_path: Path, text: str, key: str, accepted: str
) -> None:
    broken = write(tmp_path, "broken.toml", text)
    write(tmp_path, "good.toml", 'name = "good"\nprimary = "red"')
    loaded = load_themes([tmp_path])
    assert [theme.name for theme in loaded.themes] == ["good"]
    (problem,) = loaded.problems
    assert (problem.file, problem.key) == (broken, key)
    assert accepted in problem.accepted
    assert str(broken) in str(problem)


def test_a_file_that_is_not_text_is_reported(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    assert "UTF-8" in load_themes([tmp_path]).problems[0].accepted


def test_a_theme_of_the_user_replaces_a_shipped_one_of_the_same_name(tmp_path: Path) -> None:
    write(tmp_path, "mine.toml", 'name = "manciple-dark"\nprimary = "red"')
    themes = {theme.name: theme for theme in load_themes([SHIPPED, tmp_path]).themes}
    assert themes["manciple-dark"].primary == "red"
    assert "manciple-light" in themes


def test_a_folder_that_does_not_exist_holds_no_themes(tmp_path: Path) -> None:
    loaded = load_themes([tmp_path / "none"])
    assert (loaded.themes, loaded.problems) == ((), ())


def test_no_color_asks_for_the_ansi_theme_of_textual() -> None:
    assert NO_COLOR_THEME in BUILTIN_THEMES
    assert effective_theme("manciple-dark", {"NO_COLOR": "1"}) == NO_COLOR_THEME
    assert effective_theme("manciple-dark", {"NO_COLOR": ""}) == "manciple-dark"
    assert effective_theme("manciple-dark", {}) == "manciple-dark"


@pytest.mark.parametrize("theme", SHIPPED_THEMES, ids=lambda theme: theme.name)
async def test_a_running_console_takes_a_shipped_theme(theme: Theme) -> None:
    app: App[None] = App()
    async with app.run_test():
        app.register_theme(theme)
        app.theme = theme.name
        assert app.current_theme == theme


@pytest.mark.parametrize("wanted", ["manciple-parchment", "parchment"])
def test_a_shipped_theme_may_be_asked_for_without_the_program_s_name(wanted: str) -> None:
    assert usable_theme(wanted, ["manciple-dark", "manciple-parchment"]) == ("manciple-parchment", "")
