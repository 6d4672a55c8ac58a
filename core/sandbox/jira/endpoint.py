"""What an endpoint of the simulated Jira is: besides what all have, who may call it and what a call carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from core.sandbox.endpoint import ProductCall, ProductEndpoint
from core.sandbox.jira.answers import Refusal
from core.sandbox.jira.state import State


class Access(IntEnum):
    """Who may call; each includes the next."""

    PUBLIC = 0
    KNOWN = 1
    """Everybody logged in."""
    ADMINISTRATOR = 2
    SYSTEM_ADMINISTRATOR = 3


@dataclass(frozen=True, slots=True)
class Call(ProductCall[State]):
    """One request to Jira."""

    access: Access
    """The most that the caller may do."""
    body: Mapping[str, object]
    """The JSON object; empty where the endpoint takes none."""

    def text(self, field: str) -> str:
        """A string field of the body; empty when it is missing.

        :raises Refusal: 400 when it is no string.
        """
        value = self.body.get(field)
        if value is not None and not isinstance(value, str):
            raise Refusal(400, f"Can not deserialize instance of java.lang.String out of the field {field}")
        return value or ""

    def number(self, name: str, default: int) -> int:
        """A number of the query.

        :raises Refusal: 404, which the REST framework gives for a parameter that it cannot convert.
        """
        text = self.query.get(name, str(default))
        if not text.isascii() or not text.removeprefix("-").isdigit():
            raise Refusal(404, f"The value of {name} is not a number.")
        return int(text)

    def flag(self, name: str, *, default: bool) -> bool:
        """A true-or-false parameter of the query."""
        return self.query.get(name, str(default)).lower() == "true"


@dataclass(frozen=True, slots=True)
class Endpoint(ProductEndpoint[Call, Access]):
    """One endpoint of Jira."""
