"""What an endpoint of the simulated Crowd is, and what a call to it carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from starlette.responses import Response

from core.sandbox.crowd.answers import Document, Refusal, answer
from core.sandbox.crowd.directories import CrowdDirectory, User
from core.sandbox.crowd.seen import Seen
from core.sandbox.crowd.state import State
from core.sandbox.endpoint import ProductEndpoint

API = "/rest/usermanagement/1"


class Access(Enum):
    """Who may call."""

    PUBLIC = "everybody"
    APPLICATION = "an application that calls from an address of its list"
    ADMINISTRATOR = "a user who administers Crowd"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, authenticated, with its query decoded."""

    state: State
    seen: Seen
    """What the calling application sees; nothing where no application calls."""
    base: str
    """The configured base URL with the context path, without a slash at the end."""
    query: Mapping[str, str]
    accept: str
    body: Mapping[str, object]
    """The JSON object; empty where the endpoint takes none."""

    def answer(self, root: str, document: Document, status: int = 200) -> Response:
        """The document as this client wants it."""
        return answer(root, document, self.accept, status)

    def expands(self, field: str) -> bool:
        """Whether `expand` asks for this field."""
        return field in self.query.get("expand", "").split(",")

    def text(self, field: str) -> str:
        """A string field of the body; empty when it is missing.

        :raises Refusal: 400 when it is no string.
        """
        value = self.body.get(field)
        if value is not None and not isinstance(value, str):
            raise Refusal(400, "ILLEGAL_ARGUMENT", f"Can not deserialize instance of java.lang.String out of {field}")
        return value or ""

    def number(self, name: str, default: int) -> int:
        """A number of the query.

        :raises Refusal: 400 when it is none.
        """
        text = self.query.get(name, str(default))
        if not text.isascii() or not text.removeprefix("-").isdigit():
            raise Refusal(400, "ILLEGAL_ARGUMENT", f"The value of {name} is not a number.")
        return int(text)

    def asked(self, name: str) -> str:
        """A parameter of the query that must be there.

        :raises Refusal: 400 when it is not.
        """
        if not self.query.get(name):
            raise Refusal(400, "ILLEGAL_ARGUMENT", f"{name} query parameter must not be blank")
        return self.query[name]

    def user(self, name: str, *, status: int = 404) -> tuple[CrowdDirectory, User]:
        """The user of that name with his directory.

        :raises Refusal: with that status when there is none: 404 for one in the URL, 400 for one in the body.
        """
        found = self.seen.home(name)
        if found is None:
            raise Refusal(status, "USER_NOT_FOUND", f"User <{name}> does not exist")
        return found

    def group(self, name: str, *, status: int = 404) -> str:
        """The group of that name, as it is stored.

        :raises Refusal: with that status when there is none: 404 for one in the URL, 400 for one in the body.
        """
        stored = self.seen.group(name)
        if stored is None:
            raise Refusal(status, "GROUP_NOT_FOUND", f"Group <{name}> does not exist")
        return stored


@dataclass(frozen=True, slots=True)
class Endpoint(ProductEndpoint[Call, Access]):
    """One endpoint of Crowd."""
