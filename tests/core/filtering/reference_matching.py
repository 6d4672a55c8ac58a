"""What a condition means, said a second time and without a database: slow, short, and obviously right."""

from string import ascii_lowercase, ascii_uppercase

from core.filtering import Condition
from core.filtering.conditions import AllOf, AnyOf, Contains, Is, Missing, Not, Said, Within, forms
from core.store.exchanges import Listed

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def holds(condition: Condition, row: Listed, said: str = "") -> bool:
    """Whether an exchange fulfils a condition; `said` are its headers and bodies."""
    match condition:
        case AllOf(conditions):
            return all(holds(each, row, said) for each in conditions)
        case AnyOf(conditions):
            return any(holds(each, row, said) for each in conditions)
        case Not(other):
            return not holds(other, row, said)
        case Contains(columns, text):
            return any(_has(getattr(row, column), text) for column in columns)
        case Said(text):
            return _has(said, text)
        case Is(column, text):
            return bool(_small(getattr(row, column)) == _small(text))
        case Missing(column):
            return getattr(row, column) is None
        case Within(column, low, high):
            value = getattr(row, column)
            return value is not None and (low is None or value >= low) and (high is None or value <= high)
    raise AssertionError(condition)


def _has(text: str, part: str) -> bool:
    read = _small(text).partition("\0")[0]  # LIKE reads a text up to its first NUL
    return any(form in read for form in forms(part))


def _small(text: str) -> str:
    return text.translate(_LOWER)
