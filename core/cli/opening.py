"""Opening what commands work on: the configuration, and the store that it names."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from core.cli.exits import USAGE, CommandFailed
from core.cli.naming import manciple
from core.config import ProviderSettings, Settings, TargetSettings, load_settings, locate
from core.store import Store, engines
from core.store.clock import now_ms
from core.store.engines import Engine

ALIVE_SECONDS = 10.0
"""An engine whose heart has not beaten for so long is taken for dead."""


def read_config(config: Path | None) -> Settings:
    """The settings of `--config`, or of the configuration in its usual place.

    :raises ConfigError: when there is none, or it is not valid.
    """
    return load_settings(locate(config))


@contextmanager
def open_store(settings: Settings, *, make: bool = False) -> Iterator[Store]:
    """The store, which is only made where `make` says so: a command that looks must not leave one of another user.

    :raises StoreError: when it cannot be opened.
    """
    if not make and not store_is_there(settings):
        raise CommandFailed(
            f"there is no store yet at {settings.store.shown_url}: start the engine with `{manciple('serve')}`, "
            f"or change [store] url in {settings.path}"
        )
    with Store.open(settings.store.url) as store:
        yield store


def store_is_there(settings: Settings) -> bool:
    """Whether the store was made already; of one that is not a file only its opening can tell."""
    url = make_url(settings.store.url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def living_engines(store: Store) -> list[Engine]:
    """The engines that work on the store now."""
    with store.read() as connection:
        return engines.alive(connection, ALIVE_SECONDS, now_ms())


def provider_named(settings: Settings, name: str) -> ProviderSettings:
    """The provider of this name.

    :raises CommandFailed: when there is none; it names those there are.
    """
    for provider in settings.providers:
        if provider.name == name:
            return provider
    raise _unknown("provider", name, [provider.name for provider in settings.providers], settings)


def target_named(settings: Settings, name: str) -> TargetSettings:
    """The target of this name.

    :raises CommandFailed: when there is none; it names those there are.
    """
    for target in settings.targets:
        if target.name == name:
            return target
    raise _unknown("target", name, [target.name for target in settings.targets], settings)


def _unknown(what: str, name: str, known: list[str], settings: Settings) -> CommandFailed:
    remedy = f"known are {', '.join(known)}" if known else f"add a [[{what}]] to {settings.path} first"
    return CommandFailed(f"there is no {what} {name!r}: {remedy}", USAGE)
