"""Account names that several user directories of a Jira have: only the account in the first of them counts.

What is changed under such a name may happen to another account than meant, and Jira refuses to rename it.
"""

from collections.abc import Mapping
from dataclasses import replace

from core.planning.names import account_key
from core.planning.values import Account
from core.targets.directories import NOT_SHOWN
from core.targets.jira.session import Session
from core.targets.remembered import Remembered
from core.targets.retries import PATIENT, Patience
from core.targets.timing import Timing

FRESH_FOR = 300.0
"""Seconds for which the names hold without being asked for again."""


class Hidden:
    """The names of one Jira, remembered for a while."""

    def __init__(self, session: Session, timing: Timing) -> None:
        self._remembered = Remembered(lambda: hidden_names(session), FRESH_FOR, timing)

    async def names(self) -> Mapping[str, tuple[str, ...]]:
        """Key of an account's name → the directories that have it; none where Jira does not tell.

        :raises Unavailable: when no answer came.
        """
        return await self._remembered.get() or {}


def placed(account: Account, hidden: Mapping[str, tuple[str, ...]]) -> Account:
    """The account with its directory, and those whose accounts it hides; as it is where no other has its name."""
    directories = hidden.get(account.key, ())
    return replace(account, directory=directories[0], hides=directories[1:]) if directories else account


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
