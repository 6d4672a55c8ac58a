"""What an endpoint of the simulated Confluence is: besides what all have, who may call it and what a call carries."""

from dataclasses import dataclass
from enum import IntEnum

from core.sandbox.confluence.answers import Invalid, invalid
from core.sandbox.confluence.state import State
from core.sandbox.endpoint import ProductCall, ProductEndpoint


class Access(IntEnum):
    """Who may call; each includes the next."""

    PUBLIC = 0
    """Everybody, even where anonymous access is off."""
    ANYONE = 1
    """Everybody, if anonymous access is on."""
    VIEWER = 2
    """Who may see users: everybody logged in, and anonymous visitors where that is allowed."""
    KNOWN = 3
    """Everybody logged in."""
    ADMINISTRATOR = 4
    SYSTEM_ADMINISTRATOR = 5


@dataclass(frozen=True, slots=True)
class Call(ProductCall[State]):
    """One request to Confluence."""

    body: object
    """The JSON document, or None where the endpoint takes none."""

    def text(self, field: str) -> str:
        """A string field of the body; empty when it is missing.

        :raises Refusal: 400 when the body is no object, or the field no string.
        """
        value = self.body.get(field, "") if isinstance(self.body, dict) else None
        if value is None or not isinstance(value, str):
            raise invalid([Invalid("json.invalid", f"The field {field} must be a string.")])
        return value

    def flag(self, field: str) -> bool:
        """A true-or-false field of the body; false when it is missing."""
        return isinstance(self.body, dict) and self.body.get(field) is True


@dataclass(frozen=True, slots=True)
class Endpoint(ProductEndpoint[Call, Access]):
    """One endpoint of Confluence."""

    anonymous: int = 403
    """What an anonymous visitor gets who may not call."""
    checks_mode_itself: bool = False
    """A POST that need not change anything; it looks at the read-only mode itself."""

    @property
    def writes(self) -> bool:
        """Whether read-only mode forbids it."""
        return self.method != "GET" and not self.checks_mode_itself
