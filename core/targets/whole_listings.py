"""How a paged listing that does not come whole is refused: it breaks off, or its pages do not add up."""

from collections.abc import Awaitable
from typing import Any

from core.targets.protocol import CredentialFailed, IncompleteRead, TargetError


async def page_at(start: int, path: str, read: Awaitable[Any]) -> Any:
    """The page that `read` gets, which starts at item `start`.

    :raises IncompleteRead: when it cannot be read and is not the first.
    :raises TargetError: when the first cannot be read.
    """
    try:
        return await read
    except (CredentialFailed, IncompleteRead):
        raise
    except TargetError as error:
        if start == 0:
            raise
        raise IncompleteRead(
            f"The listing {path} broke off at item {start}: {error.message}", remedy=error.remedy
        ) from error


def broken(path: str, start: int, what: str) -> IncompleteRead:
    """The exception for pages that do not add up."""
    return IncompleteRead(
        f"The listing {path} does not add up at item {start}: {what}.",
        remedy="Nothing is removed on the strength of it; it is read again at the next synchronisation.",
    )
