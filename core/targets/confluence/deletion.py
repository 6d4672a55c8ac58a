"""Deleting an account of a Confluence, which accepts it as a task for later (202) and is asked how that goes."""

from collections.abc import Mapping
from typing import Any

from core.targets.answer import Answer
from core.targets.confluence.names import segment
from core.targets.confluence.session import Session
from core.targets.error_text import one_line
from core.targets.protocol import IncompleteRead, NotFound, OutcomeUnknown, Refused, Unavailable, Unsupported
from core.targets.timing import Timing

PATIENT_FOR = 180.0
"""Seconds until a task that does not end is left to itself; they usually take half a minute."""
EVERY = 2.0
"""Seconds between two looks at it."""


async def delete_account(session: Session, timing: Timing, name: str) -> None:
    """Delete an account and wait until it is gone; one that is gone already succeeds.

    :raises Refused: when Confluence accepted the task and then failed in it.
    :raises OutcomeUnknown: when it has not ended in time, or could not be followed.
    """
    try:
        answer = await session.write("DELETE", f"/admin/user/{segment(name)}", subject=name)
    except NotFound:
        return
    if answer.status != 202:
        return
    until = timing.monotonic() + PATIENT_FOR
    try:
        task = _task(answer)
        while not await _is_over(session, task, name):
            if timing.monotonic() >= until:
                raise Unavailable(f"The task did not end within {PATIENT_FOR:.0f} seconds.")
            await timing.sleep(EVERY)
    except (IncompleteRead, Unavailable, Unsupported) as error:
        raise OutcomeUnknown(
            f"{session.http.party} has accepted to delete {name}. {error.message}",
            remedy="It is read back before anything else is done with it.",
        ) from error


def _task(answer: Answer) -> str:
    document = answer.document()
    ident = document.get("id") if isinstance(document, dict) else None
    if not isinstance(ident, str) or not ident:
        raise IncompleteRead("It does not tell as which task.")
    return ident


async def _is_over(session: Session, task: str, name: str) -> bool:
    """Whether the task has ended; one that ended some time ago is not shown any more."""
    try:
        document = await session.read(f"/longtask/{segment(task)}", subject=name)
    except NotFound:
        return True
    if not isinstance(document, dict) or document.get("percentageComplete") != 100:
        return False
    if document.get("successful") is False:
        raise Refused(
            f"{session.http.party} could not delete {name}{_said(document)}.",
            remedy="Look at the user in Confluence under User management.",
        )
    return True


def _said(document: Mapping[str, Any]) -> str:
    messages = document.get("messages")
    texts = [str(each.get("translation") or "") for each in messages or () if isinstance(each, dict)]
    said = one_line("; ".join(text for text in texts if text)).rstrip(".")
    return f": {said}" if said else ""
