"""Stand-ins for personal values: the same word has the same stand-in everywhere, and looks like what it stands for.

Letters become letters of the same case, digits become digits, and all else stays, so that a phone number, a
userName in capitals or the residue of a template keeps the shape that a server has to cope with. The stand-ins are
drawn at random and kept nowhere: nobody can compute the original from them.
"""

import random
import re
import uuid
from collections.abc import Callable

_WORD = re.compile(r"[^\W\d_]+|\d+")
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(r"(?<=@)[\w-]+(?:\.[\w-]+)+|https?://[\w-]+(?:\.[\w-]+)+")
_RESERVED = ".example"
"""Ends every domain, lest a stand-in be somebody's (RFC 2606 §2)."""
_LATIN, _ACCENTED = "abcdefghijklmnopqrstuvwxyz", "àáâãäåæçèéêëìíîïñòóôõöøùúûüý"
_TRIES = 50
_KEPT = frozenset(("true", "false", "null"))


def replaced(pattern: re.Pattern[str], text: str, matched: Callable[[str], str], between: Callable[[str], str]) -> str:
    """A text in which what the pattern matches is replaced in one way, and what lies between in another."""
    parts, end = list[str](), 0
    for found in pattern.finditer(text):
        parts += [between(text[end : found.start()]), matched(found[0])]
        end = found.end()
    return "".join([*parts, between(text[end:])])


class Fakes:
    """The stand-ins of one recording."""

    def __init__(self, source: random.Random | None = None) -> None:
        self._random = source or random.SystemRandom()
        self._words: dict[str, str] = {}
        self._taken: set[str] = set()
        self._uuids: dict[str, str] = {}

    def text(self, text: str) -> str:
        """A text with every word, number, domain and UUID replaced; truth values stay, as some clients send them so."""
        if text.lower() in _KEPT:
            return text
        return replaced(UUID, text, self._uuid, self._plain)

    def number(self, number: float) -> float:
        """A number of the same kind, sign and length."""
        return type(number)(self._words_of(str(number)))

    def _plain(self, text: str) -> str:
        return replaced(_DOMAIN, text, self._domain, self._words_of)

    def _words_of(self, text: str) -> str:
        return _WORD.sub(lambda found: self._word(found[0]), text)

    def _domain(self, text: str) -> str:
        scheme, slashes, domain = text.rpartition("://")
        return scheme + slashes + self._words_of(domain.removesuffix(_RESERVED)) + _RESERVED

    def _uuid(self, text: str) -> str:
        key = text.lower()
        if key not in self._uuids:
            self._uuids[key] = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        return self._uuids[key]

    def _word(self, word: str) -> str:
        key = word.lower() if len(word.lower()) == len(word) else word
        if key not in self._words:
            self._words[key] = self._new(key)
            self._taken.add(self._words[key])
        fake = self._words[key]
        shown = [each.upper() if sent.isupper() else each for sent, each in zip(word, fake, strict=False)]
        return "".join(shown) + fake[len(word) :]

    def _new(self, key: str) -> str:
        """One that stands for nothing else; where all of this length do, a longer one."""
        if not key.strip("0"):
            return key
        while True:
            for _ in range(_TRIES):
                fake = "".join(map(self._character, key))
                if fake != key[: len(fake)] and fake not in self._taken:
                    return fake
            key += key[-1] if key[-1] != "0" else "1"

    def _character(self, character: str) -> str:
        if character.isdecimal():
            return character if character == "0" else self._random.choice("123456789")
        if character in _LATIN or not character.isalpha():
            return self._random.choice(_LATIN)
        if character.lower() != character.upper():
            return self._random.choice(_ACCENTED)
        near = (chr(code) for code in range(ord(character) & ~0x3F, (ord(character) | 0x3F) + 1))
        return self._random.choice([each for each in near if each.isalpha() and each.lower() == each.upper()])
