"""What an endpoint is: a method, a path, who may call it since which version, and a function from call to answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from starlette.responses import Response

from core.sandbox.embedded_crowd import Account
from core.sandbox.jira.answers import Refusal
from core.sandbox.jira.state import State
from core.sandbox.version import ALWAYS, Version


class Access(IntEnum):
    """Who may call; each includes the next."""

    PUBLIC = 0
    KNOWN = 1
    """Everybody logged in."""
    ADMINISTRATOR = 2
    SYSTEM_ADMINISTRATOR = 3


@dataclass(frozen=True, slots=True)
class Call:
    """One request, authenticated, with its path and query decoded."""

    state: State
    caller: Account | None
    """None is anonymous."""
    access: Access
    """The most that the caller may do."""
    base: str
    """The configured base URL with the context path, without a slash at the end."""
    path: Mapping[str, str]
    query: Mapping[str, str]
    accept: str
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

    def expands(self, field: str) -> bool:
        """Whether `expand` asks for this field."""
        return field in self.query.get("expand", "").split(",")


Handler = Callable[[Call], Response]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint. `path` is below the context path; `{name}` stands for one segment."""

    method: str
    path: str
    handler: Handler
    access: Access
    since: Version = ALWAYS
    takes_json: bool = False
