"""What the requests screen asks in a line of its own: where to go, what to call a filter, where to send a request."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from core.config.settings import Settings
from core.credentials import ACCEPTED, SecretError, SecretReference
from core.filtering import Seen
from core.store.exchanges import Listed
from tui import jump
from tui.named_filters import problem_of_name
from tui.widgets.prompt_bar import Prompt

LOOKED_AT = 300
"""Exchanges whose values a filter is completed with."""
_ON_THIS_MACHINE = "http://127.0.0.1:"


def jump_prompt(now: int, take: Callable[[str], None]) -> Prompt:
    """Where in the log to go."""
    return Prompt("go to", jump.HELP, "goes there", lambda text: jump.problem_of(text, now), take)


def name_prompt(take: Callable[[str], None]) -> Prompt:
    """What to call a filter."""
    text = "a name for the filter that is set; the same name again replaces what it stood for"
    return Prompt("name", text, "keeps it", problem_of_name, take)


def replay_prompt(settings: Settings, take: Callable[[str], None]) -> Prompt:
    """Where to send a request again."""
    text = f"a base URL of this machine or of a sandbox; behind it, if it needs one, where its token lies: {ACCEPTED}"
    return Prompt("send to", text, "sends it", lambda answer: problem_of_replay(answer, settings), take)


def replay_place(settings: Settings, last: str) -> str:
    """What to begin with: where one was sent last, else the first sandbox, else this machine."""
    return last or next(iter(settings.console.sandboxes), _ON_THIS_MACHINE)


def problem_of_replay(answer: str, settings: Settings) -> str:
    """Why a request cannot be sent there; empty where it can."""
    # Imported here: the HTTP library takes long to import, and few consoles send anything.
    from core.replay import ReplayRefused, destination

    url, _, token = answer.partition(" ")
    try:
        destination(url, settings)
        if token and SecretReference.parse(token.strip(), Path.cwd()).scheme == "plain":
            return f"a token is never typed here: say where it lies, {ACCEPTED}"
    except (ReplayRefused, SecretError) as error:
        return str(error)
    return ""


def values_seen(rows: Sequence[Listed], settings: Settings) -> Seen:
    """What a filter may be completed with: the parties, and what the newest exchanges have."""
    newest = rows[::-1]
    names = (*(each.name for each in settings.providers), *(each.name for each in settings.targets))
    subjects = _distinct(row.subject for row in newest)
    return {
        "party": _distinct((*names, *(row.party for row in newest))),
        "method": _distinct(row.method.lower() for row in newest),
        "status": _distinct("none" if row.status is None else str(row.status) for row in newest),
        "outcome": _distinct(row.outcome for row in newest),
        "subject": subjects,
        "user": subjects,
    }


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
