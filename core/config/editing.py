"""A change of the configuration that keeps the admin's comments and order, and never writes over another's change.

The steps are apart so that a screen can show the difference before it saves: `edited` makes the new text, `difference`
shows it, `save` puts it on the disk. None of them writes a text that could not be read back as intended.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import unified_diff
from typing import Any, TypeGuard

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Table

from core.config.positions import KeyPath
from core.config.problems import ConfigChanged, ConfigError, Problem, quoted
from core.config.reading import examine, read_settings
from core.config.replacing import held, replace_file
from core.config.source import Source, read_source
from core.config.table_edits import with_tables
from core.config.toml_items import Plain, TomlTable, TomlValue, item, put
from core.redaction import MASK

__all__ = ["EditPath", "TomlValue", "difference", "edited", "save"]

EditPath = tuple[str, ...]
"""Keys from the top of the document down; a provider or target by its name: `("target", "wiki", "users", "create")`."""
_IN_ONE_LINE = frozenset({"where"})
"""Lists of tables that are written without headers, where they are new."""

_BOM = b"\xef\xbb\xbf"
_CREDENTIAL = re.compile(
    r"""(?P<key>\bcredential["']?\s*=\s*)"""
    r'''(?!["']+(?:env|file|keyring):)(?:""".*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"?|'[^'\n]*'?)''',
    re.DOTALL,
)
_URL_PASSWORD = re.compile(r"(?P<user>://[^\s/@:\"']*:)[^\s/@\"']+@")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def edited(source: Source, changes: Mapping[EditPath, TomlValue | None]) -> Source:
    """The configuration with `changes` made; `None` takes a key out, so that its default holds again.

    :raises ConfigError: when the outcome would not be a valid configuration, or a change would touch more than its key.
    """
    examine(source)
    text = _changed_text(source, changes)
    if text is None:
        message = "a change by the program would move other lines of this file"
        raise _refusal(source, message, "Put all [[provider]] together and all [[target]], or change it by hand")
    bom = _BOM if source.content.startswith(_BOM) else b""
    after = Source(source.path, bom + text.encode())
    read_settings(after)
    return after


def difference(before: Source, after: Source) -> str:
    """A unified diff of two states of the file, secrets masked; for screens, so without control characters."""
    lines = unified_diff(_shown_lines(before), _shown_lines(after), "before", "after", lineterm="")
    return "\n".join(lines) or "only the value of a secret differs"


def save(before: Source, after: Source) -> None:
    """Put `after` in place of `before`, whole or not at all; the previous file stays beside it as `….bak`.

    :raises ConfigChanged: when the file on the disk is no longer `before`; nothing is written then.
    :raises ConfigError: when `after` is not a valid configuration, or cannot be written.
    """
    read_settings(after)
    # A link stays a link: what it leads to is replaced.
    path = before.path.resolve()
    with held(path):
        now = read_source(path)
        if now.content != before.content:
            raise ConfigChanged(before.path, difference(before, now))
        replace_file(path, after.content, keep=path.with_name(path.name + ".bak"))


def _changed_text(source: Source, changes: Mapping[EditPath, TomlValue | None]) -> str | None:
    """The new text; `None` where something would be moved or misread."""
    text = source.text
    lists: dict[EditPath, Sequence[Mapping[str, Plain]]] = {}
    for path, value in changes.items():
        if _is_tables(value) or (value is None and _is_tables(_there(text, path, source))):
            lists[path] = value if _is_tables(value) else ()
    others = {path: value for path, value in changes.items() if path not in lists}
    made = _with_keys(text, others, source) if others or not lists else text
    for path, entries in lists.items():
        made = None if made is None else _with_list(made, path, entries, source)
    return made


def _with_list(text: str, path: EditPath, entries: Sequence[Mapping[str, Plain]], source: Source) -> str | None:
    """A list of tables in the form that it has: under headers, or as the value of a key."""
    is_new = not _there(text, path, source)
    made = None if is_new and path[-1] in _IN_ONE_LINE else with_tables(text, _place(text, path, source), entries)
    return _with_keys(text, {path: entries or None}, source) if made is None else made


def _with_keys(text: str, changes: Mapping[EditPath, TomlValue | None], source: Source) -> str | None:
    """The text with keys set and taken out; `None` where tomlkit would move or misread something.

    It moves the tables of an array together that stand apart (`[[target]]`, `[[provider]]`, `[[target]]`).
    """
    try:
        document = tomlkit.parse(text)
        if document.as_string() != text or document.unwrap() != tomllib.loads(text):
            return None
        for path, value in changes.items():
            _change(document, path, value, source)
        made = document.as_string().rstrip("\n") + "\n"
        return made if tomllib.loads(made) == document.unwrap() else None
    except (TOMLKitError, tomllib.TOMLDecodeError):
        return None


def _change(document: TomlTable, path: EditPath, value: TomlValue | None, source: Source) -> None:
    table = document
    *names, last = path
    while names:
        key = names.pop(0)
        if key not in table:
            if value is not None:
                put(table, key, _new_table([*names, last], value, inline=isinstance(table, InlineTable)))
            return
        below = table[key]
        if isinstance(below, list):
            name = names.pop(0) if names else last
            table = below[_named(below, key, name, source)]
        else:
            table = below
    if value is None:
        table.pop(last, None)
    else:
        put(table, last, item(value, table.get(last)))


def _named(tables: Sequence[TomlTable], key: str, name: str, source: Source) -> int:
    """Which of several tables has the name."""
    for number, table in enumerate(tables):
        if table.get("name") == name:
            return number
    raise _refusal(source, f"there is no [[{key}]] with the name {quoted(name)}", "Read the file again")


def _place(text: str, path: EditPath, source: Source) -> KeyPath:
    """The path with numbers in the place of names."""
    below: Any = tomllib.loads(text)
    place: KeyPath = ()
    for part in path:
        step = _named(below, str(place[-1]), part, source) if isinstance(below, list) else part
        below, place = _inside(below, step), (*place, step)
    return place


def _there(text: str, path: EditPath, source: Source) -> Any:
    """What stands at a path; `None`: nothing."""
    below: Any = tomllib.loads(text)
    for step in _place(text, path, source):
        below = _inside(below, step)
    return below


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return value[step]
    return value.get(step) if isinstance(value, Mapping) else None


def _is_tables(value: object) -> TypeGuard[Sequence[Mapping[str, Plain]]]:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _new_table(names: Sequence[str], value: TomlValue, *, inline: bool) -> TomlTable:
    """Tables one in the other down to the last name, which has the value; under headers, a blank line ends them."""
    table: TomlTable = tomlkit.inline_table() if inline else tomlkit.table()
    first, *rest = names
    table[first] = _new_table(rest, value, inline=inline) if rest else item(value)
    if isinstance(table, Table) and not rest:
        table.add(tomlkit.nl())
    return table


def _shown_lines(source: Source) -> list[str]:
    text = source.content.decode(errors="replace").replace("\r\n", "\n")
    text = _CREDENTIAL.sub(rf'\g<key>"{MASK}"', text)
    text = _URL_PASSWORD.sub(rf"\g<user>{MASK}@", text)
    return _CONTROL.sub("�", text).split("\n")


def _refusal(source: Source, message: str, remedy: str) -> ConfigError:
    return ConfigError([Problem(source.path, None, "", message, remedy)])
