"""The reconciler of one target: what it works on next, one thing at a time.

Orders come first, then what is due by schedule, then the keys that were touched. It is level-triggered: it looks at
the store's present state whenever there is news, and nothing depends on having seen every piece of it.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from core.apply import choosing, undoing
from core.apply.approving import approve, go_on, refusal
from core.apply.backing_off import FIRST_BACK_OFF, BackOff
from core.apply.ending import Ended
from core.apply.pushing import Push, are_many_due, due
from core.apply.recovery import abandon_runs, settle_intents
from core.apply.running import Comparison, compare
from core.apply.site import Site
from core.apply.stopping import ENGINE_STOPPED, Stop
from core.store import StoreError, answers, orders, runs, sources
from core.store.clock import now_ms
from core.store.orders import Order
from core.store.pending import Key
from core.store.runs import Run
from core.targets.protocol import TargetError

_log = logging.getLogger(__name__)

LINGER = 0.5
"""Seconds that a push run waits for further keys before it ends: what comes in one burst is one run."""
IDLE = 1.0
"""Seconds after which it looks again without news: for schedules, retries, and what a lost notification would hide."""
LOOK_AGAIN = 60.0
"""Seconds until a change of unknown outcome that could not be read back is looked at again."""
NOT_ANY_MORE = "The engine stops, or takes up another configuration: give the order again."


class Reconciler:
    """Works on one target until it is drained. `clock` gives milliseconds since 1970-01-01 UTC."""

    def __init__(self, site: Site, clock: Callable[[], int] = now_ms) -> None:
        self._site = site
        self._clock = clock
        self._at_once = site.settings.in_flight
        self._news = asyncio.Event()
        self._orders: deque[Order] = deque()
        self._stop = Stop()
        self._back_off = BackOff()
        self._whole_back_off = BackOff(2 * FIRST_BACK_OFF)
        """Of comparing everything unasked; longer, so that keys have their turn where only listings cannot be read."""
        self._drained: str | None = None
        self._has_left = True
        """Whether an earlier engine may have left a plan that was approved."""
        self._unreadable: frozenset[int] = frozenset()
        self._look_again = 0.0

    @property
    def name(self) -> str:
        """The target's name."""
        return self._site.name

    def tell(self) -> None:
        """There is news in the store."""
        self._news.set()

    def obey(self, order: Order) -> bool:
        """Carry out an order (`sync`, `approve`, `undo`) once the run under way is over; False where it is drained."""
        if self._drained is not None:
            return False
        self._orders.append(order)
        self._news.set()
        return True

    def cancel(self, run: int, by: str) -> bool:
        """Stop a run within one call to the target; False where it is not under way here."""
        if self._stop.run != run:
            return False
        self._stop.ask(f"cancelled by {by}", cancel=True)
        return True

    def pause(self, run: int) -> bool:
        """Let a run rest within one call to the target; False where it is not under way here."""
        if self._stop.run != run or self._stop.reason is not None:
            return False
        self._stop.pause.ask()
        return True

    def resume(self, run: int) -> bool:
        """Let a run go on that rests or is about to; False where it does not."""
        if self._stop.run != run or not self._stop.pause.is_asked:
            return False
        self._stop.pause.end()
        return True

    def drain(self) -> None:
        """Stop what is under way within one call, and end `work`."""
        self._drained = ENGINE_STOPPED
        self._stop.ask(self._drained)
        self._news.set()

    async def work(self) -> None:
        """Work until drained; first on what an earlier engine left open."""
        await abandon_runs(self._site)
        while self._drained is None:
            self._news.clear()
            self._stop = Stop()
            if not await self._step():
                await self._wait(IDLE)
        while self._orders:
            await self._answer(self._orders.popleft(), "refused", NOT_ANY_MORE)

    async def _step(self) -> bool:
        """Do the next thing; False where there is none."""
        try:
            is_backing_off = asyncio.get_running_loop().time() < self._back_off.until
            if self._has_left and not is_backing_off:
                await self._go_on()
                return True
            if self._orders:
                await self._next_order()
                return True
            if is_backing_off:
                return False
            await self._settle()
            return await self._due()
        except TargetError as error:
            self._failed(error)
            return False

    async def _go_on(self) -> None:
        """Go on with what was approved, before anything else is planned that would have it as well."""
        await self._settle()
        ended = await go_on(self._site, self._stop, self._at_once)
        if ended is None:
            self._has_left = False
        else:
            self._ended(ended)

    async def _settle(self) -> None:
        """Read back what has an unknown outcome; what cannot be read holds up nothing else."""
        now = asyncio.get_running_loop().time()
        if now >= self._look_again:
            self._unreadable = frozenset()
        if unreadable := await settle_intents(self._site, self._unreadable):
            self._unreadable |= unreadable
            self._look_again = now + LOOK_AGAIN

    async def _due(self) -> bool:
        applies = self._site.settings.schedule.auto_apply != "never"
        if trigger := self._whole_is_due(applies):
            ended = await compare(self._site, Comparison(trigger, not applies), self._stop, self._at_once)
            self._whole_back_off.learn(failed=ended.state == "failed", now=asyncio.get_running_loop().time())
            self._ended(ended)
            return True
        keys = due(self._site) if applies else []
        if not keys:
            return False
        self._ended(await Push(self._site, self._stop, self._at_once).work(keys, self._more))
        return True

    def _whole_is_due(self, applies: bool) -> runs.Trigger | None:
        """Why everything is to be compared now: the schedule, an answer about a group of rules, or that so many keys
        are due."""
        if asyncio.get_running_loop().time() < self._whole_back_off.until:
            return None
        with self._site.store.read() as connection:
            last = runs.last_whole(connection, self._site.name)
            answered_at = answers.newest_for_groups(connection, self._site.name)
        if self._is_scheduled(last):
            return "schedule"
        if answered_at is not None and (last is None or last.started_at <= answered_at):
            return "order"
        return "push" if applies and are_many_due(self._site) else None

    async def _more(self) -> list[Key]:
        """Keys that came meanwhile; an order or a stop ends the burst."""
        deadline = asyncio.get_running_loop().time() + LINGER
        while not (self._orders or self._stop.reason):
            self._news.clear()
            if keys := due(self._site):
                return keys
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return []
            await self._wait(left)
        return []

    def _is_scheduled(self, last: Run | None) -> bool:
        """Whether everything is to be compared again: it never was, or not for that long."""
        every = self._site.settings.schedule.every
        if every is None:
            return False
        return last is None or self._clock() - last.started_at >= every * 1000

    async def _next_order(self) -> None:
        order = self._orders.popleft()
        try:
            await self._obey(order)
        except StoreError:  # it could not even be answered: it is carried out once the store works again
            self._orders.appendleft(order)
            raise

    async def _obey(self, order: Order) -> None:
        try:
            await self._settle()
            ended = await self._carried_out(order)
        except TargetError as error:
            await self._answer(order, "refused", f"The target cannot be read: {error}")
            return
        if ended is not None:
            self._ended(ended)
            await self._answer(order, "done", ended.answer, ended.run)

    async def _carried_out(self, order: Order) -> Ended | None:
        """What came of an order; `None` where it was refused."""
        if order.kind in ("approve", "undo"):
            return await self._about_run(order)
        if order.kind == "choose":
            return await self._chosen(order)
        user = _user_of(order)
        if user is None:
            return await compare(self._site, Comparison("order", True, order.asked_by), self._stop, self._at_once)
        with self._site.store.read() as connection:
            ident = sources.user_named(connection, self._site.provider, user)
        if ident is None:
            await self._answer(order, "refused", f"Provider {self._site.provider} has no user {user!r}.")
            return None
        wanted = Comparison("order", True, order.asked_by, (ident, user))
        return await compare(self._site, wanted, self._stop, self._at_once)

    async def _about_run(self, order: Order) -> Ended | None:
        """Approve or undo a run, unless there is a reason against it."""
        number, _, digest = order.subject.partition(" ")
        with self._site.store.read() as connection:
            run = runs.find(connection, int(number))
        if run is None:
            await self._answer(order, "refused", f"There is no run {number}.")
            return None
        refused = refusal(run, digest) if order.kind == "approve" else undoing.refusal(run)
        if refused is not None:
            await self._answer(order, "refused", refused)
            return None
        if order.kind == "approve":
            return await approve(self._site, run, order.asked_by, self._stop, self._at_once)
        return await undoing.undo(self._site, run, order.asked_by, self._stop)

    async def _chosen(self, order: Order) -> Ended | None:
        choice = choosing.Choice.of(order.subject.partition(" ")[2])
        if choice is None:
            await self._answer(order, "refused", f"{order.subject!r} is no choice.")
            return None
        return await choosing.choose(self._site, choice, order.asked_by, self._stop)

    async def _answer(self, order: Order, state: orders.Answered, answer: str, run: int | None = None) -> None:
        await self._site.store.writer.write(lambda tx: orders.finish(tx, order.id, state, answer, run))

    def _ended(self, ended: Ended) -> None:
        self._back_off.learn(failed=ended.is_target_down, now=asyncio.get_running_loop().time())
        level = logging.WARNING if ended.is_target_down else logging.INFO
        _log.log(level, "%s: %s", self.name, ended.answer)

    def _failed(self, error: TargetError) -> None:
        self._ended(Ended(0, "failed", f"The target cannot be read: {error}", is_target_down=True))

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return


def _user_of(order: Order) -> str | None:
    """The userName in `<target> user <userName>`; `None` where everything is meant."""
    _, found, user = order.subject.partition(" user ")
    return user if found else None
