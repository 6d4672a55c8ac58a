"""Alembic's entry: migrations run on the connection that `core.store.opening` hands over, in its transaction."""

from alembic import context
from sqlmodel import SQLModel

from core.store import tables  # noqa: F401 - fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
