"""Themes from TOML files: one file, one theme, shipped or the user's own.

A file that Textual could not use is reported as a value and skipped: a typing mistake in a colour must never keep an
admin out of the console.
"""

import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.css.constants import VALID_STYLE_FLAGS
from textual.theme import Theme

SHIPPED = Path(__file__).parent.parent / "themes"
NO_COLOR_THEME = "ansi-dark"
_COLOURS = (
    *("primary", "secondary", "warning", "error", "success", "accent"),
    *("foreground", "background", "surface", "panel", "boost"),
)
_KEYS = ("name", "dark", "ansi", *_COLOURS, "variables")
DEFAULT = "manciple-dark"
_A_COLOUR = 'a colour such as "#5fafff", "rgb(95,175,255)" or "ansi_blue"'


@dataclass(frozen=True, slots=True)
class ThemeProblem:
    """Why a theme file was skipped: the file, the key at fault ("" for the whole file), and what is accepted."""

    file: Path
    key: str
    accepted: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else str(self.file)
        return f"{place}: {self.accepted}. The theme is skipped."


@dataclass(frozen=True, slots=True)
class LoadedThemes:
    """The usable themes, one for each name, and the problems of the files that were skipped."""

    themes: tuple[Theme, ...]
    problems: tuple[ThemeProblem, ...]


def load_themes(folders: Iterable[Path]) -> LoadedThemes:
    """Read every `*.toml` of the folders in order; a later theme replaces an earlier one of the same name.

    Give the shipped folder first, then the user's. A folder that does not exist holds no themes.
    """
    themes: dict[str, Theme] = {}
    problems: list[ThemeProblem] = []
    for file in (file for folder in folders for file in sorted(folder.glob("*.toml"))):
        loaded = load_theme(file)
        if isinstance(loaded, Theme):
            themes[loaded.name] = loaded
        else:
            problems.extend(loaded)
    return LoadedThemes(tuple(themes.values()), tuple(problems))


def load_theme(file: Path) -> Theme | tuple[ThemeProblem, ...]:
    """The theme of one file, or everything that is wrong with it."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        return (ThemeProblem(file, "", f"cannot be read ({error.strerror})"),)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return (ThemeProblem(file, "", f"must be TOML in UTF-8 ({error})"),)
    faults = {key: accepted for key in ("name", "primary", *document) if (accepted := _fault(key, document.get(key)))}
    if isinstance(variables := document.get("variables"), dict):
        faults |= {
            f"variables.{key}": accepted for key in variables if (accepted := _bad_variable(key, variables[key]))
        }
    return tuple(ThemeProblem(file, key, accepted) for key, accepted in faults.items()) or Theme(**document)


def theme_folders(environment: Mapping[str, str]) -> tuple[Path, Path]:
    """Where themes are: the shipped folder, then `$XDG_CONFIG_HOME/manciple/themes`."""
    user_folder = environment.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return SHIPPED, Path(user_folder) / "manciple" / "themes"


def usable_theme(wanted: str, names: Sequence[str]) -> tuple[str, str]:
    """The wanted theme, by its name with or without `manciple-`; else the shipped default, and what to say about it."""
    for name in (wanted, f"manciple-{wanted}"):
        if name in names:
            return name, ""
    return DEFAULT, f"There is no theme {wanted!r}; {DEFAULT} is used. Themes: {', '.join(sorted(names))}"


def effective_theme(wanted: str, environment: Mapping[str, str]) -> str:
    """The theme to use: the wanted one, or Textual's ANSI theme when NO_COLOR is set and not empty (no-color.org)."""
    return NO_COLOR_THEME if environment.get("NO_COLOR") else wanted


def _fault(key: str, value: Any) -> str:
    """What the key accepts, when it does not accept this value; else nothing."""
    if key not in _KEYS:
        return f"unknown key; accepted are {', '.join(_KEYS)}"
    if key in _COLOURS:
        return "" if _is_colour(value) else f"must be {_A_COLOUR}"
    if key == "name":
        return "" if isinstance(value, str) and value.strip() else "must be a text that is not empty"
    if key == "variables":
        return "" if isinstance(value, dict) else "must be a table of names and colours"
    return "" if isinstance(value, bool) else "must be true or false"


def _bad_variable(key: str, value: Any) -> str:
    if key.endswith("-style"):
        valid = isinstance(value, str) and bool(value) and set(value.split()) <= VALID_STYLE_FLAGS
        return "" if valid else f"must be text styles among {', '.join(sorted(VALID_STYLE_FLAGS))}"
    return "" if _is_colour(value) else f"must be {_A_COLOUR}"


def _is_colour(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        Color.parse(value)
    except ColorParseError:
        return False
    return True
