"""Making the changes of a run, step by step: intent, call, outcome, several at a time.

A change whose account or group could not be made is given up with it; every other one goes on. What needs a working
credential, or a target that answers, stops the run once that is clear, and leaves the rest for a later one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from core.apply.concurrently import each
from core.apply.keeping import keep
from core.apply.performing import Outcome, perform
from core.apply.stopping import Stop
from core.exchange import Attribution, Exchange, attributed
from core.planning.changes import Change, ChangeKind
from core.planning.dependence import Need, gives, needs
from core.planning.names import group_key
from core.planning.order import step
from core.store import Store, Transaction, changes, observed, runs
from core.store.changes import State, Stored
from core.targets.protocol import Target

GIVE_UP_AFTER = 5
"""Users or groups in a row that the target left unanswered, after which the run stops."""

_WAITS: Mapping[ChangeKind, str] = {
    ChangeKind.LINK_ACCOUNT: "waits for the link to {change.account}, which could not be made",
    ChangeKind.CREATE_ACCOUNT: "waits for the account {change.account}, which could not be created",
    ChangeKind.CREATE_GROUP: "waits for the group {change.group}, which could not be created",
    ChangeKind.REMOVE_MEMBER: "waits for {change.account} to leave {change.group}, which failed",
    ChangeKind.MOVE_LEAD: "waits for the lead of {change.lead}, which could not be moved",
    ChangeKind.DEACTIVATE_ACCOUNT: "waits for the account {change.account}, which could not be deactivated",
    ChangeKind.DELETE_ACCOUNT: "waits for the account {change.account}, which could not be deleted",
    ChangeKind.REACTIVATE_ACCOUNT: "waits for the account {change.account}, which could not be reactivated",
}
"""What is said of a change that needs one of this kind."""
_ADOPTED = "waits until the members of {change.group} are read: the group was there already"
"""What is said of a change that needs a group which nobody had to create: who is in it already was not put there."""


@dataclass(slots=True)
class Result:
    """What came of the changes."""

    unfinished_users: dict[str, str] = field(default_factory=dict)
    """User id → why a change of this user is still due."""
    unfinished_groups: dict[str, str] = field(default_factory=dict)
    """The same for IdP groups."""
    halted: str | None = None
    """Why the run stopped before its end; `None`: it did not."""
    no_seats: str | None = None
    """What is said of accounts that wait for a seat; `None`: there were enough."""
    has_created: bool = False
    """Whether an account was created."""
    interrupted: bool = False
    """Whether it was the engine that stopped: what is still due did not fail, it was never tried."""

    def note(self, change: Change, reason: str) -> None:
        """Note that a change is still due."""
        if change.user_id is not None:
            self.unfinished_users.setdefault(change.user_id, reason)
        elif change.because.group_id is not None:
            self.unfinished_groups.setdefault(change.because.group_id, reason)


class Executor:
    """Makes the changes of one run."""

    def __init__(self, store: Store, target: Target, run: int, stop: Stop, at_once: int) -> None:
        self._store = store
        self._target = target
        self._run = run
        self._stop = stop
        self._at_once = at_once
        self._result = Result()
        self._unanswered: set[str | None] = set()
        self._no_seats: str | None = None
        self._undone: dict[Need, str] = {}
        """What could not be made and others need → what these wait for."""
        self._is_paused = False

    async def execute(self, planned: Sequence[Stored]) -> Result:
        """Make `planned`, which is in the order of the plan, until its end or a stop."""
        for _, together in groupby(planned, key=lambda stored: step(stored.change.kind)):
            await each(list(together), self._make, self._at_once)
        return self._result

    async def _make(self, stored: Stored) -> None:
        change = stored.change
        if self._stop.pause.is_asked:
            await self._paused()
        reason = self._stop.reason or self._result.halted
        if reason is not None:
            self._result.note(change, reason)
            self._result.halted = reason
            self._result.interrupted = self._stop.reason is not None and not self._stop.is_cancelled
            return
        if blocked := self._blocked(change):
            self._undone |= _waited_for(change)
            await self._settle(stored, Outcome("failed", error=blocked), (), state="dropped")
            return
        if not await self._store.writer.write(lambda tx: changes.intend(tx, stored.id)):
            return
        exchanges: list[Exchange] = []
        with attributed(Attribution(self._run, stored.id, change.because.exchange, exchanges.append)):
            outcome = await perform(self._target, change)
        self._learn(change, outcome)
        await self._settle(stored, outcome, exchanges)

    async def _paused(self) -> None:
        """Wait for the end of a rest; the first to come says so in the store."""
        is_first, self._is_paused = not self._is_paused, True
        if is_first:
            await self._store.writer.write(lambda tx: runs.move(tx, self._run, "paused"))
        await self._stop.pause.over()
        if is_first:
            self._is_paused = False
            await self._store.writer.write(lambda tx: runs.move(tx, self._run, "applying"))

    def _blocked(self, change: Change) -> str | None:
        """Why a change cannot be made: what it needs was not made in this run, or there is no seat for it."""
        if change.kind == ChangeKind.CREATE_ACCOUNT:
            return self._no_seats
        return next((self._undone[need] for need in needs(change) if need in self._undone), None)

    def _learn(self, change: Change, outcome: Outcome) -> None:
        if outcome.needs_seat:
            self._no_seats = self._result.no_seats = f"waits for a seat: {outcome.error}"
        if outcome.state == "done" and change.kind == ChangeKind.CREATE_ACCOUNT:
            self._result.has_created = True
        if outcome.state == "done" or outcome.lasting:
            self._unanswered.clear()
        else:
            self._unanswered.add(change.user_id or change.group)
        if outcome.halts or len(self._unanswered) >= GIVE_UP_AFTER:
            self._result.halted = self._result.halted or outcome.error
        if outcome.adopted:
            self._undone |= _waited_for(change, _ADOPTED)
        elif outcome.state != "done":
            self._undone |= _waited_for(change)

    async def _settle(
        self, stored: Stored, outcome: Outcome, exchanges: Sequence[Exchange], state: State | None = None
    ) -> None:
        """Keep outcome, effect and exchanges together."""
        if outcome.state != "done":
            reason = self._no_seats if outcome.needs_seat else outcome.error
            self._result.note(stored.change, reason or "")
        await self._store.writer.write(lambda tx: record(tx, stored, outcome, exchanges, state))


def _waited_for(change: Change, text: str | None = None) -> dict[Need, str]:
    """What others need of a change that was not made, and what they wait for, in words."""
    need = gives(change)
    return {need: (text or _WAITS[change.kind]).format(change=change)} if need is not None else {}


def record(
    tx: Transaction, stored: Stored, outcome: Outcome, exchanges: Sequence[Exchange] = (), state: State | None = None
) -> None:
    """Store how a change ended, with its effect and its exchanges; an unknown outcome leaves its intent open."""
    for exchange in exchanges:
        tx.log(exchange)
    if outcome.state == "unknown" or not changes.settle(tx, stored.id, state or outcome.state, outcome.error):
        return
    if outcome.state == "stale" and stored.change.group is not None:
        observed.forget_groups(tx, stored.target, [group_key(stored.change.group)])  # it may be gone: look again
    if outcome.state == "done":
        keep(tx, stored.target, stored.run, stored.change, outcome.result, adopted=outcome.adopted)
        runs.count(tx, stored.run, done=1)
    else:
        runs.count(tx, stored.run, failed=1)
