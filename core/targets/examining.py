"""What the health checks of all targets have in common: the walk over the steps, and how a finding is put.

A check changes nothing and never raises; every failure is a finding with its remedy.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from core.targets.directories import in_order, misplaced, read_directories
from core.targets.http import Http
from core.targets.protocol import CredentialFailed, Finding, TargetError, Unavailable
from core.targets.retries import ONCE

PartsT = TypeVar("PartsT")
Step = tuple[str, Callable[[PartsT], Awaitable[Sequence[Finding]]], bool]
"""What is looked at, how, and whether everything after it needs it."""


async def examine(steps: Sequence[Step[PartsT]], parts: PartsT) -> Sequence[Finding]:
    """The findings in the order in which they build on one another; it ends at one that all others need."""
    findings: list[Finding] = []
    for subject, step, needed in steps:
        try:
            found = await step(parts)
        except TargetError as error:
            found = (failure(subject, error),)
        findings += found
        if needed and not found[-1].ok:
            break
    return findings


def failure(subject: str, error: TargetError) -> Finding:
    """A step that could not be done."""
    return Finding(subject, False, error.message, error.remedy or "Look at the exchange in the log.")


def nobody_there(error: TargetError, product: str, http: Http, *, contexts: str) -> Finding:
    """The first call failed: for its credential, for the connection, or for the URL, which leads to something else.

    `contexts` names the product's usual context paths.
    """
    if isinstance(error, CredentialFailed):
        return failure("credential", error)
    if isinstance(error, Unavailable):
        return failure("connection", error)
    text = f"There is no {product} at {http.base_url}: {error.message}"
    return Finding(
        "url", False, text, f"Put its base URL with the context path (often {contexts}) into the target's url."
    )


def capabilities(reasons: Mapping[str, str | None], product: str) -> Sequence[Finding]:
    """Of each operation whether it can be done; the mapping has the reason why not, with the way round."""
    return [capability(subject, reason, product) for subject, reason in reasons.items()]


def capability(subject: str, reason: str | None, product: str) -> Finding:
    """Whether one thing can be done: the first sentence of the reason says why not, the others are the remedy."""
    if reason is None:
        return Finding(subject, True, "Possible over the REST API.")
    text, _, remedy = reason.partition(". ")
    return Finding(subject, False, f"{text.rstrip('.')}.", remedy or f"Correct it in {product} or in the target.")


async def directories(http: Http, product: str, wanted: str | None = None) -> Sequence[Finding]:
    """The order decides which of two accounts of one name counts, and where new ones go, which is to be `wanted`."""
    found = await read_directories(http, ONCE)
    if wanted is not None and (reason := misplaced(found, wanted)):
        return (capability("directories", reason, product),)
    if found is None:
        text = "The order of the user directories is shown to system administrators only; names that hide one "
        return (Finding("directories", True, text + "another in several directories cannot be warned of."),)
    text = f"In order: {in_order(found)}. New accounts go into the first that can be written."
    return (Finding("directories", True, text),)
