"""Account names that several user directories of a Jira have: only the account in the first of them counts.

What is changed under such a name may happen to another account than meant, and Jira refuses to rename it.
"""

from collections.abc import Mapping

from core.planning.names import account_key
from core.targets.directories import NOT_SHOWN
from core.targets.jira.session import Session
from core.targets.retries import PATIENT, Patience


async def hidden_names(session: Session, patience: Patience = PATIENT) -> Mapping[str, tuple[str, ...]] | None:
    """Key of an account's name → the directories that have it, as Jira orders them; `None` where Jira does not tell
    (before 8.19).

    It tells what it found up to ten minutes ago, unless a system administrator asks.

    :raises Unavailable: when no answer came.
    """
    try:
        document = await session.read("/user/duplicated/list", {"flush": "true"}, patience=patience)
    except NOT_SHOWN:
        return None
    if not isinstance(document, dict):
        return None
    return {account_key(str(name)): _directories(holders) for name, holders in document.items()}


def _directories(holders: object) -> tuple[str, ...]:
    entries = holders if isinstance(holders, list) else ()
    return tuple(str(entry.get("directoryName")) for entry in entries if isinstance(entry, dict))
