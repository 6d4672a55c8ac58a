"""Values as items of tomlkit, put into tables that an admin wrote: order, comments and the form of lists stay."""

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.items import Array, Table

Plain = str | int | bool | Sequence[str]
"""What stands behind one key of a table."""
TomlValue = Plain | Mapping[str, Plain] | Sequence[Mapping[str, Plain]]
"""Of a list of tables all entries are given."""
TomlTable = MutableMapping[str, Any]


def item(value: TomlValue, like: object = None) -> object:
    """A value; a list over several lines where `like`, which it takes the place of, is one."""
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update({key: item(each) for key, each in value.items()})
        return table
    if isinstance(value, str | int):
        return tomlkit.item(value)
    array = tomlkit.array()
    array.extend(item(each) for each in value)
    return array.multiline(isinstance(like, Array) and "\n" in like.as_string())


def put(table: TomlTable, key: str, made: object) -> None:
    """Set a key; a new one goes behind the last key, before comments that lead over to what follows the table."""
    body = _body(table)
    tail = []
    while key not in table and body and body[-1][0] is None:
        tail.append(body.pop())
    table[key] = made
    body.extend(reversed(tail))


def _body(table: TomlTable) -> list[Any]:
    if isinstance(table, Table):
        return table.value.body
    return table.body if isinstance(table, Container) else []
