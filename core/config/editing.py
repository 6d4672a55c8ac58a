"""A change of the configuration that keeps the admin's comments and order, and never writes over another's change.

The steps are apart so that a screen can show the difference before it saves: `edited` makes the new text, `difference`
shows it, `save` puts it on the disk. None of them writes a text that could not be read back as intended.
"""

import re
import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from difflib import unified_diff
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Table

from core.config.problems import ConfigChanged, ConfigError, Problem, quoted
from core.config.reading import examine, read_settings
from core.config.replacing import held, replace_file
from core.config.source import Source, read_source
from core.redaction import MASK

EditPath = tuple[str, ...]
"""Keys from the top of the document down; a provider or target by its name: `("target", "wiki", "users", "create")`."""

TomlValue = str | int | bool | Sequence[str] | Mapping[str, "str | int | bool"]
_Table = MutableMapping[str, Any]

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
    """The new text; `None` where tomlkit would move or misread something.

    It moves the tables of an array together that stand apart (`[[target]]`, `[[provider]]`, `[[target]]`).
    """
    try:
        document = tomlkit.parse(source.text)
        if document.as_string() != source.text or document.unwrap() != tomllib.loads(source.text):
            return None
        for path, value in changes.items():
            _change(document, path, value, source)
        text = document.as_string().rstrip("\n") + "\n"
        return text if tomllib.loads(text) == document.unwrap() else None
    except (TOMLKitError, tomllib.TOMLDecodeError):
        return None


def _change(document: _Table, path: EditPath, value: TomlValue | None, source: Source) -> None:
    table = document
    *names, last = path
    while names:
        key = names.pop(0)
        if key not in table:
            if value is not None:
                _put(table, key, _new_table([*names, last], value, inline=isinstance(table, InlineTable)))
            return
        below = table[key]
        table = _named(below, key, names.pop(0) if names else last, source) if isinstance(below, list) else below
    if value is None:
        table.pop(last, None)
    else:
        _put(table, last, _item(value))


def _named(tables: Sequence[_Table], key: str, name: str, source: Source) -> _Table:
    for table in tables:
        if table.get("name") == name:
            return table
    raise _refusal(source, f"there is no [[{key}]] with the name {quoted(name)}", "Read the file again")


def _put(table: _Table, key: str, item: object) -> None:
    """Set a key; a new one goes behind the last key, before comments that lead over to what follows the table."""
    body = table.value.body if isinstance(table, Table) else []
    tail = []
    while key not in table and body and body[-1][0] is None:
        tail.append(body.pop())
    table[key] = item
    body.extend(reversed(tail))


def _new_table(names: Sequence[str], value: TomlValue, *, inline: bool) -> _Table:
    """Tables one in the other down to the last name, which has the value; under headers, a blank line ends them."""
    table: _Table = tomlkit.inline_table() if inline else tomlkit.table()
    first, *rest = names
    table[first] = _new_table(rest, value, inline=inline) if rest else _item(value)
    if isinstance(table, Table) and not rest:
        table.add(tomlkit.nl())
    return table


def _item(value: TomlValue) -> object:
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update(value)
        return table
    return tomlkit.item(value if isinstance(value, str | int) else list(value))


def _shown_lines(source: Source) -> list[str]:
    text = source.content.decode(errors="replace").replace("\r\n", "\n")
    text = _CREDENTIAL.sub(rf'\g<key>"{MASK}"', text)
    text = _URL_PASSWORD.sub(rf"\g<user>{MASK}@", text)
    return _CONTROL.sub("�", text).split("\n")


def _refusal(source: Source, message: str, remedy: str) -> ConfigError:
    return ConfigError([Problem(source.path, None, "", message, remedy)])
