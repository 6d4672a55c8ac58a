"""The run of a push: rounds over the keys that the identity provider touched, until none is left.

One burst of requests is one run, however many rounds it takes. A key that cannot be worked on waits for its retry and
holds up no other: where a round fails because of one of its keys, it is halved until that one is alone.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from core.apply.answered import answered
from core.apply.answering import answer_draft
from core.apply.closing import closed
from core.apply.computing import computed
from core.apply.drafting import Draft, draft_some
from core.apply.ending import Ended, broken_off
from core.apply.executing import GIVE_UP_AFTER, Result
from core.apply.freeing import NOBODY, Subjects, freed_with, put_off
from core.apply.holding import hold, split, waits
from core.apply.late import note_unreadable
from core.apply.recovery import settle_intents
from core.apply.running import execute, keep_plan, start
from core.apply.site import Site
from core.apply.stopping import Stop, Stopped, concerns_all
from core.exchange import Attribution, attributed
from core.planning.notes import Note, sentences
from core.planning.wording import counted
from core.store import Transaction, changes, pending, runs
from core.store.clock import now_ms
from core.store.conflicts import Finding
from core.store.pending import Key
from core.store.runs import Run
from core.targets.protocol import TargetError, Unavailable

ROUND = 50
"""Keys worked on together at most: few enough that one look-up that fails does not cost many others."""
WHOLE_FROM = 500
"""Due keys from which on everything is compared instead: reading all is then less than looking up each."""
LONGEST = 10_000
"""Changes after which a run ends and a new one goes on, so that no run grows for ever."""


@dataclass(slots=True)
class _Progress:
    """How far the run is."""

    planned: int = 0
    keys: int = 0
    unanswered: int = 0
    """Keys in a row that failed alone without an answer."""
    found: frozenset[Finding] = frozenset()
    """The conflicts of all rounds that still stand."""
    left_out: frozenset[Note] = frozenset()
    _others: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What all rounds left out, summed up as if it were one plan."""
        return (*self._others, *sentences(self.left_out))

    def add(self, keys: int, draft: Draft) -> None:
        """Add what one more round planned."""
        self.keys += keys
        self.planned += len(draft.plan.changes)
        new = frozenset((conflict.kind, conflict.subject) for conflict in draft.plan.conflicts)
        self.found = new.union(finding for finding in self.found if not draft.is_about(finding))
        summed_up = sentences(draft.plan.left_out)
        others = (note for note in draft.plan.notes if note not in summed_up)
        self._others = tuple(dict.fromkeys((*self._others, *others)))
        self.left_out |= frozenset(draft.plan.left_out)


class Push:
    """One run over touched keys."""

    def __init__(self, site: Site, stop: Stop, at_once: int) -> None:
        self._site = site
        self._stop = stop
        self._at_once = at_once
        self._progress = _Progress()
        self._run = 0
        self._waiting: Run | None = None
        """Where what brakes hold of it waits."""

    async def work(self, keys: list[Key], more: Callable[[], Awaitable[list[Key]]]) -> Ended:
        """Work on `keys`, and on those that `more` gives, until it gives none."""
        store = self._site.store
        self._run = await store.writer.write(lambda tx: start(tx, self._site.name, "push", counted(len(keys), "key")))
        self._stop.run = self._run
        result, left_open = Result(), self._left_open()
        while keys and result.halted is None and self._progress.planned < LONGEST:
            try:
                with attributed(Attribution(self._run)):
                    await self._site.target.capabilities()
                await settle_intents(self._site, left_open)
                result = await self._round(keys)
            except (TargetError, Stopped) as error:
                ended = await broken_off(self._site, self._run, error, self._stop)
                # Whatever ends a push is about all keys, so that the next one would end in the same way.
                return replace(ended, is_target_down=not isinstance(error, Stopped))
            keys = await more()
        return await closed(self._site, self._run, result, self._stop, waits(self._waiting))

    async def _round(self, keys: Sequence[Key]) -> Result:
        """Plan and apply what these keys lead to, and what may have been freed by them.

        :raises TargetError: when the target as a whole cannot be worked on.
        """
        freed = await computed(self._freed, keys)
        try:
            draft = await self._drafted(keys, freed)
        except TargetError as error:
            if concerns_all(error):
                raise
            return await self._halved(keys, freed, error)
        return await self._applied(keys, draft)

    def _left_open(self) -> frozenset[int]:
        """Changes that could not be read back before this run; those of its own rounds are, before the next one."""
        with self._site.store.read() as connection:
            return frozenset([stored.id for stored in changes.intents(connection, self._site.name)])

    def _freed(self, keys: Sequence[Key]) -> Subjects:
        site, users, groups = answered(self._site), _ids(keys, "user"), _ids(keys, "group")
        with site.store.read() as connection:
            return freed_with(connection, site.provider, site.name, site.rules, users, groups)

    async def _drafted(self, keys: Sequence[Key], freed: Subjects) -> Draft:
        self._stop.check()
        users, groups = freed[0] | _ids(keys, "user"), freed[1] | _ids(keys, "group")
        causes = {key.exchange for key in keys}
        cause = causes.pop() if len(causes) == 1 else None
        return await draft_some(self._site, self._run, users, groups, self._stop, cause)

    async def _halved(self, keys: Sequence[Key], freed: Subjects, error: TargetError) -> Result:
        """Each half by itself."""
        if len(keys) == 1:
            return await self._alone(keys[0], freed, error)
        middle = len(keys) // 2
        first = await self._round(keys[:middle])
        return first if first.halted is not None else await self._round(keys[middle:])

    async def _alone(self, key: Key, freed: Subjects, error: TargetError) -> Result:
        """A key without those that it may free: it may be they that cannot be read, and they are looked at later."""
        if freed == NOBODY:
            await self._failed(key, error)
            return Result()
        name, reason = self._site.name, str(error)
        await self._site.store.writer.write(lambda tx: put_off(tx, name, freed, reason))
        try:
            draft = await self._drafted([key], NOBODY)
        except TargetError as again:
            if concerns_all(again):
                raise
            return await self._alone(key, NOBODY, again)
        return await self._applied([key], draft)

    async def _failed(self, key: Key, error: TargetError) -> None:
        await self._site.store.writer.write(lambda tx: pending.fail(tx, key, str(error)))
        await note_unreadable(self._site, key, str(error))
        self._progress.unanswered += isinstance(error, Unavailable)
        if self._progress.unanswered >= GIVE_UP_AFTER:
            raise error

    async def _applied(self, keys: Sequence[Key], draft: Draft) -> Result:
        self._progress.unanswered = 0
        store, run, first = self._site.store, self._run, self._progress.planned
        part = await split(self._site, draft.plan)
        going = replace(draft, plan=part.going)
        digest = await keep_plan(self._site, run, going, first)
        self._waiting = await hold(self._site, run, draft, part) or self._waiting
        self._progress.add(len(keys), going)
        await store.writer.write(lambda tx: self._note(tx, digest))
        result = await execute(self._site, run, self._stop, self._at_once)
        await answer_draft(self._site, keys, result, draft, part.users)
        return result

    def _note(self, tx: Transaction, digest: str) -> None:
        """Note how far the run is, over all of its rounds."""
        progress = self._progress
        runs.note_plan(tx, self._run, progress.planned, len(progress.found), digest, progress.notes)
        runs.move(tx, self._run, "applying", scope=counted(progress.keys, "key"))


def _ids(keys: Sequence[Key], kind: str) -> frozenset[str]:
    return frozenset([key.id for key in keys if key.kind == kind])


def are_many_due(site: Site) -> bool:
    """Whether comparing everything is the shorter way."""
    with site.store.read() as connection:
        return pending.number_due(connection, site.name, now_ms()) >= WHOLE_FROM


def due(site: Site) -> list[Key]:
    """The keys of the target that may be worked on now."""
    with site.store.read() as connection:
        return pending.claim(connection, site.name, now_ms(), ROUND)
