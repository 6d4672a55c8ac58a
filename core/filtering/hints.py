"""Help while a filter is typed: what can be written where the caret stands, and how it would go on."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from types import MappingProxyType

from core.filtering.fields import FIELDS, Field

Seen = Mapping[str, Sequence[str]]
"""Values that the log has, by the name of their field, the most useful first."""
NOTHING_SEEN: Seen = MappingProxyType({})
_LISTED = 8
"""Values that a hint names at most."""


def hint(text: str, caret: int, seen: Seen = NOTHING_SEEN) -> str:
    """One line: help of the field that is being typed with values that go on so, else fields that can begin here."""
    _, word = _word_before(text, caret)
    name, colon, _ = word.partition(":")
    if not colon:
        names = _beginning(name) or [field.name for field in FIELDS]
        return " ".join(f"{name}:" for name in names)
    field = _field(name)
    if field is None:
        return ""
    values = _going_on(field, _value_of(word), seen)
    listed = ", ".join(values[:_LISTED]) + (", ..." if len(values) > _LISTED else "")
    return f"{field.help}: {field.example}" + (f"   seen: {listed}" if listed and field.name in seen else "")


def completed(text: str, caret: int, seen: Seen = NOTHING_SEEN) -> tuple[str, int]:
    """The text with what is before the caret completed as far as all that goes on so agrees, and the caret then."""
    start, word = _word_before(text, caret)
    name, colon, _ = word.partition(":")
    if not colon:
        names = _beginning(word) if word else []
        longest = f"{names[0]}:" if len(names) == 1 else _shared(names)
        return _replaced(text, start, caret, longest) if longest else (text, caret)
    field, value = _field(name), _value_of(word)
    goes_on = _going_on(field, value, seen) if field is not None else []
    longest = _quoted(goes_on[0]) if len(goes_on) == 1 else _common(goes_on)
    if len(longest.strip('"')) < len(value.strip('"')) or not longest:
        return text, caret
    return _replaced(text, caret - len(value), caret, longest)


def _replaced(text: str, start: int, caret: int, by: str) -> tuple[str, int]:
    return f"{text[:start]}{by}{text[caret:]}", start + len(by)


def _word_before(text: str, caret: int) -> tuple[int, str]:
    """The term before the caret, without a `-`, and where it begins; a space within quotes ends none."""
    start, is_quoted = 0, False
    for place, character in enumerate(text[:caret]):
        if character == '"':
            is_quoted = not is_quoted
        elif character == " " and not is_quoted:
            start = place + 1
    word = text[start:caret].lstrip("-")
    return caret - len(word), word


def _value_of(word: str) -> str:
    """Of several values the last one, as it is being typed."""
    return word.partition(":")[2].rpartition("|")[2]


def _field(name: str) -> Field | None:
    return next((field for field in FIELDS if field.name == name.lower()), None)


def _beginning(name: str) -> list[str]:
    return [field.name for field in FIELDS if field.name.startswith(name.lower())]


def _going_on(field: Field, value: str, seen: Seen) -> list[str]:
    begun = value.strip('"').lower()
    known = dict.fromkeys((*seen.get(field.name, ()), *field.values))
    return [each for each in _writable(known) if each.lower().startswith(begun)]


def _writable(values: Mapping[str, None]) -> Iterator[str]:
    """Those that a line takes as they are."""
    return (value for value in values if value.isprintable() and not set('"\\') & set(value))


def _common(values: Sequence[str]) -> str:
    """What all of them begin with; with a quotation left open where it has a space."""
    longest = _shared([value.lower() for value in values])
    return f'"{longest}' if " " in longest else longest


def _shared(texts: Sequence[str]) -> str:
    """The longest beginning that all of them have."""
    first, last = (min(texts), max(texts)) if texts else ("", "")
    return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))


def _quoted(value: str) -> str:
    return f'"{value}"' if set(" |") & set(value) else value
