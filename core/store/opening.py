"""Opening a store: making, migrating or refusing its database.

A new file is made, an older one is migrated after a backup, a newer one is refused untouched. The schema's revision is
compared with one query; Alembic, slow to import, is loaded only where something has to be migrated.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from core.store.errors import StoreNewer, StoreUnreadable
from core.store.sqlite import Sqlite

if TYPE_CHECKING:
    from alembic.config import Config

REVISION = "0007"
"""The newest revision under `core/store/migrations/versions`."""


def prepare(backend: Sqlite, writer: Engine) -> Path | None:
    """Bring the database to `REVISION`; returns the path of the backup where one was made.

    :raises StoreNewer: when a newer manciple wrote it.
    :raises StoreUnreadable: when it is not a manciple store, or cannot be read.
    """
    try:
        found = _revision(writer)
        if found == REVISION:
            return None
        _refuse_unknown(backend, writer, found)
        backup = backend.backup(f"before-{REVISION}") if found else None
        _migrate(writer)
    except DBAPIError as error:
        raise backend.translate(error) from error
    return backup


def _revision(engine: Engine) -> str | None:
    if "alembic_version" not in inspect(engine).get_table_names():
        return None
    with engine.connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _refuse_unknown(backend: Sqlite, engine: Engine, found: str | None) -> None:
    if found is None:
        if inspect(engine).get_table_names():
            raise StoreUnreadable(f"{backend.path} is a database, but not a manciple store: change store.url")
        return
    if found not in known_revisions():
        raise StoreNewer(
            f"{backend.path} was written by a newer manciple (revision {found}, this one knows {REVISION}): "
            "upgrade manciple, or restore the backup made before the upgrade"
        )


def known_revisions() -> frozenset[str]:
    """All revisions that this program can migrate from."""
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions())


def _migrate(engine: Engine) -> None:
    from alembic import command

    config = _alembic()
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, REVISION)


def _alembic() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
