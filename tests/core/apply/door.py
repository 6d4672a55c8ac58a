"""What stands before the simulated Confluence: it looks at each request, and answers some of them itself."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import HTMLResponse, JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Refusal:
    """Requests that get this status instead of an answer. `part` is of path and query."""

    method: str
    part: str
    status: int = 400
    is_page: bool = False
    """In HTML, as a proxy answers that knows no such path."""


async def _nothing(method: str, path: str) -> None:
    """The door's eyes shut."""


class Door:
    """An ASGI application before another. `refusals` and `look` may be exchanged at any time."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.refusals: tuple[Refusal, ...] = ()
        self.look: Callable[[str, str], Awaitable[None]] = _nothing
        """Told of method, and path with query, before anything is done."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let it in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["raw_path"].decode("latin-1") + "?" + scope["query_string"].decode("latin-1")
        await self.look(scope["method"], path)
        for refusal in self.refusals:
            if scope["method"] == refusal.method and refusal.part in path:
                kind = HTMLResponse if refusal.is_page else JSONResponse
                content = "<html><body>Not here</body></html>" if refusal.is_page else {"message": "No."}
                await kind(content, refusal.status)(scope, receive, send)
                return
        await self._app(scope, receive, send)
