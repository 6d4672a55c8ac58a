"""The two ways in which a change can be sent to a Confluence: over REST, or over JSON-RPC where REST lacks it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from core.targets.answer import Answer
from core.targets.confluence.probing import Probing
from core.targets.confluence.session import Session
from core.targets.protocol import Unsupported

DoneT = TypeVar("DoneT")
Older = Callable[[], Awaitable[None]]


class Ways:
    """Sends the changes of one Confluence; `field` is always that of `Capabilities`."""

    def __init__(self, session: Session, probing: Probing) -> None:
        self._session = session
        self._probing = probing

    async def send(
        self, field: str, method: str, path: str, document: object = None, *, subject: str, older: Older
    ) -> Answer | None:
        """Send a change over REST, and answer what came; or do it with `older`, which has no answer.

        :raises Unsupported: where neither can.
        """
        return await self.take(field, lambda: self._session.write(method, path, document, subject=subject), older)

    async def take(self, field: str, rest: Callable[[], Awaitable[DoneT]], older: Older) -> DoneT | None:
        """Do something with `rest` or, where it is known to be lacking or turns out to be, with `older`.

        :raises Unsupported: where neither can.
        """
        if field not in self._probing.by_rpc:
            try:
                return await rest()
            except Unsupported:
                await self.require(field)
                if field not in self._probing.by_rpc:
                    raise
        await older()
        return None

    async def require(self, field: str) -> None:
        """Make sure that Confluence can do this.

        :raises Unsupported: where it cannot, in the words of `Capabilities`.
        """
        reason = getattr(await self._probing.capabilities(), field)
        if reason is not None:
            text, _, remedy = reason.partition(". ")
            raise Unsupported(f"{text.rstrip('.')}.", remedy=remedy)
