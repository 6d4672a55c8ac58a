"""Help while a filter is typed: what can be written where the caret stands, and how a name would go on."""

from core.filtering.fields import FIELDS


def hint(text: str, caret: int) -> str:
    """One line: the help of the field that is being typed, else the fields that can begin here."""
    _, word = _word_before(text, caret)
    name, colon, _ = word.partition(":")
    if colon:
        return next((f"{field.help}: {field.example}" for field in FIELDS if field.name == name.lower()), "")
    names = _beginning(name) or [field.name for field in FIELDS]
    return " ".join(f"{name}:" for name in names)


def completed(text: str, caret: int) -> tuple[str, int]:
    """The text with the name before the caret completed, if only one goes on so, and where the caret then stands."""
    start, word = _word_before(text, caret)
    names = _beginning(word) if word else []
    if len(names) != 1:
        return text, caret
    return f"{text[:start]}{names[0]}:{text[caret:]}", start + len(names[0]) + 1


def _word_before(text: str, caret: int) -> tuple[int, str]:
    """The term before the caret, without a `-`, and where it begins."""
    begun = text[:caret].rsplit(" ", 1)[-1]
    word = begun.lstrip("-")
    return caret - len(word), word


def _beginning(name: str) -> list[str]:
    return [field.name for field in FIELDS if field.name.startswith(name.lower())]
