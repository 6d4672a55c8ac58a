"""A product whose next answer is spoilt, once, in the way that a test asks for."""

from collections.abc import Collection

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.sandbox.serving import HANG_UP

_PAGE = "<html><head><title>Something else</title></head><body><h1>Something else</h1></body></html>"


class BreakingApp:
    """Stands before a simulator. `fault` is met by the next request and is over then: "500", "503", "429", "html" (a
    page with 200), "reset-before" and "reset-after" (the connection ends without an answer, before or after the
    request was carried out).
    """

    EVERY = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
    WRITES = EVERY - {"GET"}

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.fault: str | None = None
        self.methods: Collection[str] = self.EVERY
        """Only a request of these meets the fault."""

    def spoil(self, fault: str, *, only_writes: bool = False) -> None:
        """Let the next request, or the next one that is no read, meet this fault."""
        self.fault, self.methods = fault, self.WRITES if only_writes else self.EVERY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self.fault if scope["method"] in self.methods else None
        if fault is None:
            await self.app(scope, receive, send)
            return
        self.fault = None
        if fault.startswith("reset"):
            if fault == "reset-after":
                await self.app(scope, receive, _withheld)
            scope["extensions"][HANG_UP](True)
        else:
            await _spoilt(fault)(scope, receive, send)


def _spoilt(fault: str) -> Response:
    if fault == "html":
        return HTMLResponse(_PAGE)
    if fault == "429":
        return JSONResponse({"message": "Rate limit exceeded."}, 429, {"Retry-After": "1"})
    return HTMLResponse(_PAGE, int(fault))


async def _withheld(message: Message) -> None:
    """Take the simulator's answer and send nothing."""
