"""`manciple requests --record`: real requests of one provider, as a conversation that tests can replay.

The file has no secret and no personal value: what the log keeps of them is replaced by stand-ins, the same one for the
same value (`core.conversation`). It is for whoever mends a dialect, who may be somebody else than the admin.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from core.cli.exits import USAGE, CommandFailed
from core.cli.output import say, say_json, tell
from core.config.settings import Settings
from core.conversation.kept import NO_BODY
from core.conversation.writing import Recording, recording_of
from core.exchange import Exchange
from core.planning.wording import counted
from core.store import Store, exchanges
from core.store.exchanges import Listed
from core.whole_file import write_whole

AT_MOST = 10_000
"""Exchanges of one recording."""


class Recorder:
    """Collects exchanges, and writes them into a file.

    :raises CommandFailed: where the file is there and may not be replaced.
    """

    def __init__(self, store: Store, settings: Settings, path: Path, *, force: bool) -> None:
        if path.exists() and not force:
            raise _there(path)
        if not path.parent.is_dir():
            raise CommandFailed(f"{path.parent} is no directory: make it first, or choose another place", USAGE)
        self._store = store
        self._settings = settings
        self._path = path
        self._force = force
        self._exchanges: list[Exchange] = []

    def require_one_provider(self, query: Sequence[str]) -> None:
        """Make sure that no other provider can send something into a recording while it is made.

        :raises CommandFailed: where several are configured, and the query names none.
        """
        names = [provider.name for provider in self._settings.providers]
        if len(names) > 1 and not any(term.startswith("party:") for term in " ".join(query).split()):
            raise CommandFailed(f"several providers may send meanwhile: add party:{names[0]} to record one", USAGE)

    def add(self, listed: Iterable[Listed]) -> None:
        """Collect those that a provider sent; what was sent to targets is no part of a conversation.

        :raises CommandFailed: where they are of several providers.
        """
        inbound = [row.id for row in listed if row.direction == "in"]
        with self._store.read() as connection:
            found = [exchanges.opened(connection, ident) for ident in inbound]
        self._exchanges += [exchange for exchange in found if exchange is not None]
        parties = sorted({exchange.party for exchange in self._exchanges})
        if len(parties) > 1:
            raise CommandFailed(f"these are of {' and '.join(parties)}: add party:{parties[0]} to record one", USAGE)

    def write(self, *, as_json: bool) -> None:
        """Write the file, and say what is in it.

        :raises CommandFailed: where there is nothing to write, or no way to write it.
        """
        recording = recording_of(self._exchanges, self._idp())
        if not recording.exchanges:
            reasons = "; ".join(f"{count}: {reason}" for reason, count in recording.left_out.items())
            raise CommandFailed(f"no exchange to record{f' ({reasons})' if reasons else ': try another QUERY'}")
        self._save("".join(f"{line}\n" for line in recording.lines))
        if as_json:
            say_json(self._document(recording))
        else:
            self._say(recording)

    def _idp(self) -> str:
        """The kind of the provider: its name may be the company's."""
        party = self._exchanges[0].party if self._exchanges else ""
        kinds = [provider.kind for provider in self._settings.providers if provider.name == party]
        return kinds[0] if kinds else "other"

    def _say(self, recording: Recording) -> None:
        say(f"{counted(recording.exchanges, 'exchange')} in {self._path}")
        for reason, count in recording.left_out.items():
            tell(f"left out: {count}, since {reason}")
        if recording.is_masked:
            tell('some values were masked in the log already, as [log] bodies = "redacted" has it: their shape is lost')

    def _document(self, recording: Recording) -> dict[str, object]:
        return {
            "file": str(self._path),
            "exchanges": recording.exchanges,
            "left_out": [{"reason": reason, "exchanges": count} for reason, count in recording.left_out.items()],
            "bodies_kept": NO_BODY not in recording.left_out,
            "values_masked": recording.is_masked,
        }

    def _save(self, text: str) -> None:
        try:
            write_whole(self._path, [text], replace=self._force)
        except FileExistsError:
            raise _there(self._path) from None


def _there(path: Path) -> CommandFailed:
    return CommandFailed(f"{path} is there already: choose another name, or replace it with --force", USAGE)
