"""What an endpoint of the simulated Bitbucket is: besides what all have, who may call it and what a call carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from core.sandbox.bitbucket.answers import invalid
from core.sandbox.bitbucket.state import State
from core.sandbox.endpoint import ProductCall, ProductEndpoint


class Access(IntEnum):
    """Who may call; each includes the next. The numbers are those of `Permission`."""

    PUBLIC = 0
    LICENSED = 1
    ADMINISTRATOR = 3
    SYSTEM_ADMINISTRATOR = 4


@dataclass(frozen=True, slots=True)
class Call(ProductCall[State]):
    """One request to Bitbucket."""

    access: int
    """The highest permission that the caller has by this credential."""
    body: Mapping[str, object]
    """The JSON object; empty where the endpoint takes none."""

    def text(self, field: str) -> str:
        """A string field of the body.

        :raises Refusal: 400 when it is missing, or no string.
        """
        value = self.body.get(field)
        if not isinstance(value, str) or not value:
            raise invalid(f"{field} is required.", field)
        return value

    def texts(self, field: str) -> list[str]:
        """A list of strings of the body.

        :raises Refusal: 400 when it is missing, or none.
        """
        value = self.body.get(field)
        if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
            raise invalid(f"{field} is required.", field)
        return value

    def asked(self, name: str) -> str:
        """A parameter of the query that must be there.

        :raises Refusal: 400 when it is missing or blank.
        """
        value = self.query.get(name, "")
        if not value.strip():
            raise invalid(f"The '{name}' parameter is required.", name)
        return value

    def number(self, name: str, default: int) -> int:
        """A number of the query, which is not negative.

        :raises Refusal: 400 for anything else.
        """
        text = self.query.get(name, str(default))
        if not text.isascii() or not text.isdigit():
            raise invalid(f"The '{name}' parameter must be a number.", name)
        return int(text)

    def flag(self, name: str, *, default: bool) -> bool:
        """A true-or-false parameter of the query."""
        return self.query.get(name, str(default)).lower() == "true"


@dataclass(frozen=True, slots=True)
class Endpoint(ProductEndpoint[Call, Access]):
    """One endpoint of Bitbucket."""
