"""Bringing one change about: call, read back where the outcome is unknown, and say in one value how it ended.

A call is repeated only after the target was read and shows that it had no effect. What is refused because the target
is no longer as the plan saw it is stale, and planned anew; it is never forced.
"""

from dataclasses import dataclass, replace
from typing import Literal

from core.apply.calls import Result, call
from core.apply.reading_back import read_back
from core.planning.changes import Change, ChangeKind
from core.targets.protocol import (
    AlreadyExists,
    CredentialFailed,
    NoSeats,
    NotFound,
    OutcomeUnknown,
    Target,
    TargetError,
    Unavailable,
)

ATTEMPTS = 4
"""How often a change is sent whose outcome, each time, was nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a change ended."""

    state: Literal["done", "failed", "stale", "unknown"]
    """`unknown`: it was sent and the target cannot be read, so its intent stays open until it can."""
    result: Result = None
    error: str | None = None
    adopted: bool = False
    """Done without our doing: the group was there already."""
    lasting: bool = True
    """False where only the target's state of the moment is to blame, so that others will fail as well."""
    needs_seat: bool = False
    """True where the licence is full: no other account can be created either."""
    halts: bool = False
    """True where no further call makes sense: the credential is not accepted."""


async def perform(target: Target, change: Change) -> Outcome:
    """Bring `change` about; whatever the target does, it ends in an outcome."""
    try:
        return await _attempted(target, change)
    except CredentialFailed as error:
        return Outcome("failed", error=str(error), lasting=False, halts=True)
    except Unavailable as error:
        return Outcome("failed", error=str(error), lasting=False)
    except NoSeats as error:
        return Outcome("failed", error=str(error), needs_seat=True)
    except NotFound as error:
        return Outcome("stale", error=str(error))
    except TargetError as error:
        return Outcome("failed", error=str(error))


async def settled(target: Target, change: Change) -> Outcome | None:
    """How a change ended that was begun before a crash; `None` where it had no effect.

    :raises TargetError: when the target cannot be read.
    """
    stands, result = await read_back(target, change)
    return Outcome("done", result) if stands else None


async def _attempted(target: Target, change: Change) -> Outcome:
    unknown: OutcomeUnknown | None = None
    for _ in range(ATTEMPTS):
        try:
            return Outcome("done", await call(target, change))
        except AlreadyExists as error:
            return await _existing(target, change, error, maybe_ours=unknown is not None)
        except OutcomeUnknown as error:
            unknown = error
        found = await _found(target, change, unknown)
        if found.state != "stale":
            return found
    return Outcome("failed", error=str(unknown), lasting=False)


async def _existing(target: Target, change: Change, error: AlreadyExists, *, maybe_ours: bool) -> Outcome:
    """What it means that there is one already: an account may be anybody's, a group serves whoever made it."""
    if maybe_ours:
        return await _found(target, change, error)
    if change.kind != ChangeKind.CREATE_GROUP:
        return Outcome("stale", error=str(error))
    return replace(await _found(target, change, error), adopted=True)


async def _found(target: Target, change: Change, error: TargetError) -> Outcome:
    """How it stands at the target: done, or stale for not there, or unknown where the target cannot be read."""
    try:
        stands, result = await read_back(target, change)
    except TargetError as unreadable:
        text = f"{error} Reading it back failed: {unreadable}"
        return Outcome("unknown", error=text, lasting=False, halts=isinstance(unreadable, CredentialFailed))
    return Outcome("done", result) if stands else Outcome("stale", error=str(error))
