"""The engine: one process with the SCIM listener, a reconciler for each target, and the signs of life.

Engine and consoles meet only in the store (design, section 3 point 1). SIGTERM and SIGINT drain: no new request is
accepted, those under way are answered, the run under way stops within one call. SIGHUP, or an order, reads the
configuration again; one that is wrong changes nothing.
"""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path

import uvloop
from starlette.types import Receive, Scope, Send

from core.apply.collecting import seldom_full_collections
from core.apply.dispatching import Dispatcher
from core.apply.reconciler import Reconciler
from core.apply.recovery import close_removed
from core.apply.site import Site
from core.config import ConfigError, Settings, TargetSettings, load_settings
from core.credentials import SecretError
from core.pulling import Puller
from core.scim.listener import Listener
from core.scim.served import Served
from core.scim.server import ListenerError, serving
from core.store import Store, StoreError, engines, orders, retention
from core.store.clock import now_ms
from core.targets.protocol import TargetError
from core.targets.registry import open_target

_log = logging.getLogger(__name__)

BEAT = 2.0
"""Seconds between two heartbeats."""
CLEANING = 600.0
"""Seconds between two looks at what the log may still keep."""
DRAIN_SECONDS = 15.0
"""How long a stop waits for calls to targets that are under way."""
AFTER_FAULT = 5.0
"""Seconds until a duty that met a fault is taken up again."""
_WRONG_CONFIGURATION, _UNREACHABLE, _FAILED = 2, 4, 1
_EXIT_CODES: tuple[tuple[type[Exception], int], ...] = (
    (SecretError, _WRONG_CONFIGURATION),
    (TargetError, _UNREACHABLE),
    (Exception, _FAILED),
)
"""As all commands have them (design, section 5)."""


class Engine:
    """One engine on one store. `reread` gives the configuration anew."""

    def __init__(self, store: Store, settings: Settings, reread: Callable[[], Settings]) -> None:
        self._store = store
        self._settings = settings
        self._reread = reread
        self._over = asyncio.Event()
        self._reload = asyncio.Event()
        self._renew = asyncio.Event()
        self._dispatcher = Dispatcher(store, self.reload)
        self._listener = _listener(store, settings)

    def stop(self) -> None:
        """Drain, and let `run` return."""
        self._over.set()

    def reload(self) -> None:
        """Read the configuration and the certificate again, and go on with them."""
        self._reload.set()
        self._renew.set()

    async def run(self) -> None:
        """Work until `stop`.

        :raises ListenerError: when the listener cannot be started.
        :raises SecretError, TargetError: when a target cannot be opened at the start.
        """
        refusal = "The engine stopped before this order was carried out: give it again."
        await self._store.writer.write(lambda tx: orders.refuse_taken(tx, refusal))
        async with AsyncExitStack() as listening:
            service = serving(self._answer, self._settings.listener, renew=self._renew)
            address = await listening.enter_async_context(service)
            _log.info("listening on %s", address)
            host, pid = socket.gethostname(), os.getpid()
            number = await self._store.writer.write(
                lambda tx: engines.start(tx, host, pid, version("manciple"), address)
            )
            duties = (lambda: self._beat(number), self._follow_news, self._clean)
            tasks = [asyncio.create_task(_kept_up(duty)) for duty in duties]
            # No new request is accepted from the moment of a stop, while the targets are still being left in order.
            hanging_up = asyncio.create_task(self._hang_up(listening))
            try:
                await self._work()
                await hanging_up
            finally:
                for task in (*tasks, hanging_up):
                    task.cancel()
                with suppress(StoreError):
                    await self._store.writer.write(lambda tx: engines.stop(tx, number))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let whatever listener the present configuration has answer."""
        await self._listener(scope, receive, send)

    async def _hang_up(self, listening: AsyncExitStack) -> None:
        await self._over.wait()
        await listening.aclose()

    async def _work(self) -> None:
        """Work on the targets of one configuration after the other, until the end."""
        stack, reconcilers = self._opened(self._settings)
        while True:
            self._dispatcher.reconcilers = {each.name: each for each in reconcilers}
            await close_removed(self._store, self._dispatcher.reconcilers)
            workers = [asyncio.create_task(_kept_up(each.work)) for each in reconcilers]
            pullers = [Puller(self._settings.path, each) for each in self._settings.providers if each.graph is not None]
            self._dispatcher.pulls = {each.name: each.ask for each in pullers}
            pulls = [asyncio.create_task(_kept_up(each.work)) for each in pullers]
            following = await self._following()
            for pull in pulls:
                pull.cancel()
            for each in reconcilers:
                each.drain()
            await _ended(workers)
            await asyncio.gather(*pulls, return_exceptions=True)
            await stack.aclose()
            if following is None:
                return
            self._settings, stack, reconcilers = following
            self._listener = _listener(self._store, self._settings)
            _log.info("the configuration was taken up")

    async def _following(self) -> "tuple[Settings, AsyncExitStack, list[Reconciler]] | None":
        """The next configuration that can be worked with; `None` at the end. A wrong one changes nothing."""
        while True:
            await _first_of(self._over, self._reload)
            if self._over.is_set():
                return None
            self._reload.clear()
            try:
                settings = self._reread()
                opened = self._opened(settings)
            except (ConfigError, SecretError, TargetError) as error:
                _log.error("the configuration was not taken up: %s", error)
                continue
            if (settings.listener, settings.store) != (self._settings.listener, self._settings.store):
                _log.warning("changes of [store] and [listener] are taken up at the next start of the engine")
            return settings, *opened

    def _opened(self, settings: Settings) -> tuple[AsyncExitStack, list[Reconciler]]:
        """The reconcilers of all targets, and what closes them.

        :raises SecretError, TargetError: when one of them cannot be opened.
        """
        stack = AsyncExitStack()
        return stack, [self._reconciler(stack, settings, target) for target in settings.targets]

    def _reconciler(self, stack: AsyncExitStack, settings: Settings, target: TargetSettings) -> Reconciler:
        opened = open_target(target, log=self._store.writer.log, bodies=settings.log.bodies)
        stack.push_async_callback(opened.aclose)
        probes = next(each.probes for each in settings.providers if each.name == target.provider)
        return Reconciler(Site(self._store, target, opened, probes))

    async def _beat(self, number: int) -> None:
        while True:
            await self._store.writer.write(lambda tx: engines.beat(tx, number, self._over.is_set()))
            await asyncio.sleep(BEAT)

    async def _follow_news(self) -> None:
        with self._store.watch() as watch:
            while True:
                await self._dispatcher.dispatch()
                for reconciler in self._dispatcher.reconcilers.values():
                    reconciler.tell()
                await watch.wait()

    async def _clean(self) -> None:
        """Let the log forget what it need not keep, a little at a time."""
        while True:
            keep = self._settings.log
            cut = await asyncio.to_thread(self._cut, keep.keep_days, keep.keep_mib)
            deletion = partial(retention.delete_up_to, last=max(cut.by_age, cut.by_size))
            deleted = 1
            while deleted:
                deleted = await self._store.writer.write(deletion)
            await asyncio.sleep(CLEANING)

    def _cut(self, keep_days: int, keep_mib: int) -> retention.Cut:
        with self._store.read() as connection:
            return retention.cut(connection, keep_days, keep_mib, now_ms())


def serve(path: Path) -> int:
    """Run an engine with the configuration at `path` until SIGTERM or SIGINT; returns the exit code.

    What stops it from starting is one line on stderr.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    for chatty in ("httpx", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        settings = load_settings(path)
        for warning in settings.warnings:
            _log.warning("%s", warning)
        with Store.open(settings.store.url) as store, store.backend.engine_lock():
            if store.backup is not None:
                _log.info("the store was migrated; its state before is kept as %s", store.backup)
            _run(Engine(store, settings, lambda: load_settings(path)))
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return _WRONG_CONFIGURATION
    except (StoreError, ListenerError, SecretError, TargetError) as error:
        print(f"manciple: {error}", file=sys.stderr)  # noqa: T201
        return next(code for kind, code in _EXIT_CODES if isinstance(error, kind))
    return 0


def _run(engine: Engine) -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, engine.stop)
        loop.add_signal_handler(signal.SIGHUP, engine.reload)
        await engine.run()

    # What is loaded by now stays until the end: the collector need not look at it again with every request.
    gc.collect()
    gc.freeze()
    with seldom_full_collections(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


def _listener(store: Store, settings: Settings) -> Listener:
    served = [
        Served(
            provider.name,
            [target.name for target in settings.targets if target.provider == provider.name],
            allow=provider.allow,
            basic=provider.basic,
            rate=provider.rate,
            hold=provider.probes.hold,
        )
        for provider in settings.providers
        if provider.graph is None
    ]
    pulled = [provider.name for provider in settings.providers if provider.graph is not None]
    listener = settings.listener
    return Listener(store, served, listener.public_url, settings.log.bodies, allow=listener.allow, pulled=pulled)


async def _first_of(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for each in waiting:
        each.cancel()


async def _ended(workers: Sequence["asyncio.Task[None]"]) -> None:
    """Wait for workers that drain; what a target holds up for longer is broken off, and read back at the next start."""
    if not workers:
        return
    _, held_up = await asyncio.wait(workers, timeout=DRAIN_SECONDS)
    for worker in held_up:
        worker.cancel()
    if held_up:
        await asyncio.wait(held_up)


async def _kept_up(duty: Callable[[], Awaitable[None]]) -> None:
    """Do a duty to its end; a fault is logged, and the duty taken up again: no fault may end all others."""
    while True:
        try:
            await duty()
            return
        except StoreError as error:
            _log.error("%s", error)
        except Exception:  # noqa: BLE001 - see above
            _log.exception("a fault of manciple")
        await asyncio.sleep(AFTER_FAULT)
