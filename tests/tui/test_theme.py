from pathlib import Path

import pytest
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tui.theme import NO_COLOR_THEME, SHIPPED, effective_theme, load_themes

SHIPPED_THEMES = load_themes([SHIPPED]).themes
INKS = ("foreground", "primary", "secondary", "warning", "error", "success", "accent")


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG 2.2, from relative luminance."""

    def luminance(color: Color) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.normalized]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shipped_themes_load_without_a_problem() -> None:
    loaded = load_themes([SHIPPED])
    assert {theme.name for theme in loaded.themes} == {"manciple-dark", "manciple-light"}
    assert loaded.problems == ()


@pytest.mark.parametrize("theme", SHIPPED_THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("paper", ["background", "surface"])
def test_every_ink_of_a_shipped_theme_is_readable_on_its_paper(theme: Theme, ink: str, paper: str) -> None:
    assert contrast(Color.parse(getattr(theme, ink)), Color.parse(getattr(theme, paper))) >= 4.5


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
