"""People's names from many languages, and their folding to the letters that a sign-in name may hold.

Names come from faker's lists and are drawn once per locale from a fixed seed, because asking faker for each of
100,000 people costs minutes. The lists are kept as faker has them: accents, apostrophes, spaces and letters that
have no base letter are what breaks provisioning in the field, so nothing is smoothed here.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from random import Random

from faker import Generator
from faker.factory import Factory

_FIRST_NAMES = 400
_SURNAMES = 900
_POOL_SEED = 1815
# Letters that Unicode does not decompose into a base letter and a mark.
_UNDECOMPOSED = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
    | {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "’": "'"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """One part of a person's name."""

    text: str
    """As the person writes it."""
    latin: str
    """The same in Latin letters; equal to `text` except for scripts such as Japanese."""


@dataclass(frozen=True, slots=True)
class NamePool:
    """The names of one locale."""

    first_names: tuple[Name, ...]
    surnames: tuple[Name, ...]

    def draw(self, rng: Random) -> tuple[Name, Name]:
        """Return a first name and a surname; one surname in forty is double-barrelled."""
        return rng.choice(self.first_names), self.draw_surname(rng)

    def draw_surname(self, rng: Random) -> Name:
        """Return a surname."""
        surname = rng.choice(self.surnames)
        if rng.random() >= 1 / 40 or not surname.text.isascii():
            return surname
        second = rng.choice(self.surnames)
        return Name(f"{surname.text}-{second.text}", f"{surname.latin}-{second.latin}")


@cache
def name_pool(locale: str) -> NamePool:
    """Return the names of a faker locale such as `pl_PL`; always the same ones."""
    source = Factory.create(locale, providers=["faker.providers.person"])
    source.seed_instance(_POOL_SEED)
    first = _draw(source, "first_name", _FIRST_NAMES)
    last = _draw(source, "last_name", _SURNAMES)
    return NamePool(tuple(sorted(first, key=_text)), tuple(sorted(last, key=_text)))


def _draw(source: Generator, what: str, times: int) -> set[Name]:
    if not hasattr(source, f"{what}_pair"):
        draw = source.get_formatter(what)
        return {Name(text, text) for text in (draw() for _ in range(times))}
    draw = source.get_formatter(f"{what}_pair")  # scripts that faker also gives in Latin letters
    return {Name(pair[0], pair[-1]) for pair in (draw() for _ in range(times))}


def fold(name: str) -> str:
    """Return `name` in the ASCII letters, digits, hyphens and apostrophes that a user principal name may hold.

    >>> fold("Łukasz Weiß-O'Néill")
    "LukaszWeiss-O'Neill"
    """
    decomposed = unicodedata.normalize("NFKD", name.translate(_UNDECOMPOSED))
    return "".join(letter for letter in decomposed if letter.isascii() and (letter.isalnum() or letter in "-'"))


def _text(name: Name) -> str:
    return name.text
