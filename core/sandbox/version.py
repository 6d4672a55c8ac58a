"""Product versions, compared as numbers: an endpoint is there from one version on, and absent before."""

from typing import NamedTuple, Self


class Version(NamedTuple):
    """A version such as 8.5.4."""

    major: int
    minor: int
    patch: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `"9.4"` or `"9.4.1"`.

        :raises ValueError: when it is neither.
        """
        parts = text.split(".")
        if len(parts) not in (2, 3) or not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError(f"{text!r} is not a version; write it as 9.4 or 9.4.1")
        return cls(*map(int, parts))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


ALWAYS = Version(0, 0)
"""For what every version has."""
