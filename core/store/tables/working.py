"""What is done: runs, changes, conflicts, orders, and the engines that do it."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, text
from sqlmodel import Field, SQLModel

_BY_EXCHANGE = text("exchange IS NOT NULL")
_UNDOING = text("undoes IS NOT NULL")
_PLANNED = text("state = 'planned'")
_LASTS = text("state != 'closed'")


class Run(SQLModel, table=True):
    """One execution: what triggered it, how far it is, how it ended."""

    __tablename__ = "runs"
    __table_args__ = (
        Index("runs_target", "target", "id"),
        Index("runs_undoing", "target", sqlite_where=_UNDOING, postgresql_where=_UNDOING),
    )
    id: int | None = Field(default=None, primary_key=True)
    target: str = Field(max_length=32)
    trigger: str
    """`push`, `schedule`, `order` or `undo`."""
    scope: str
    """`all`, or how many keys it was about."""
    state: str = Field(index=True)
    """`reading`, `planning`, `waiting` (for approval), `applying`, `paused`, `verifying`; then `done`, `failed`,
    `cancelled`, `dropped`."""
    started_at: int = Field(sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
    planned: int = 0
    done: int = 0
    failed: int = 0
    conflicts: int = 0
    read: int = 0
    """Objects read from the target so far."""
    plan_hash: str | None = None
    notes: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    """The plan's notes, a JSON list of sentences."""
    holds: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    """The brakes that hold it, a JSON list of `core.store.holds.RunHold`; `None`: none does."""
    to_read: int | None = None
    """Objects to read in all, as far as is known."""
    verified: int = Field(sa_column=Column(Integer, nullable=False, server_default="0"))
    """Changes that stood when they were read back at the end."""
    differing: int = Field(sa_column=Column(Integer, nullable=False, server_default="0"))
    """Changes that did not."""
    undoes: int | None = None
    """The run that this one puts back."""
    seen: int | None = Field(default=None, sa_type=BigInteger)
    """The last inbound exchange when it was planned."""
    released_at: int | None = Field(default=None, sa_type=BigInteger)
    """Since when what it undid may be done again."""
    asked_by: str | None = None
    approved_by: str | None = None
    error: str | None = None


class Change(SQLModel, table=True):
    """One operation of a run: plan, intent and outcome in one row."""

    __tablename__ = "changes"
    __table_args__ = (
        Index("changes_run", "run", "position"),
        Index("changes_state", "state", "run"),
        Index("changes_user", "user_id"),
        Index("changes_account", "target", "account_id"),
        Index("changes_group", "target", "group_name"),
        Index("changes_exchange", "exchange", sqlite_where=_BY_EXCHANGE, postgresql_where=_BY_EXCHANGE),
        Index(
            "changes_planned", "run", "kind", "group_name", "user_id", sqlite_where=_PLANNED, postgresql_where=_PLANNED
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    run: int
    target: str = Field(max_length=32)
    position: int
    kind: str
    account: str | None = None
    account_id: str | None = None
    group_name: str | None = None
    user_id: str | None = None
    group_id: str | None = None
    """The IdP group behind it."""
    detail: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The whole `core.planning.changes.Change` as JSON: reason, before, after."""
    state: str = "planned"
    """`planned`, `intent` (sent or about to be), `done`, `failed`, `stale` (premise gone), `dropped`, or `excluded` by
    an admin before the plan was approved."""
    attempts: int = 0
    intent_at: int | None = Field(default=None, sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
    error: str | None = None
    exchange: int | None = Field(default=None, sa_type=BigInteger)
    """The inbound exchange that caused it."""


class HeldChange(SQLModel, table=True):
    """A change that one of the brakes holds which hold its run."""

    __tablename__ = "held_changes"
    __table_args__ = (Index("held_changes_key", "run", "key", "place", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    run: int
    place: int
    """Of the brake among those that hold the run."""
    key: str
    """`core.planning.changes.Change.key`."""


class Conflict(SQLModel, table=True):
    """A place where planner or executor refused to guess."""

    __tablename__ = "conflicts"
    __table_args__ = (
        Index("conflicts_subject", "target", "subject", "kind"),
        Index("conflicts_state", "state", "id"),
        Index("conflicts_lasting", "id", sqlite_where=_LASTS, postgresql_where=_LASTS),
    )
    id: int | None = Field(default=None, primary_key=True)
    target: str = Field(max_length=32)
    kind: str
    subject: str
    title: str
    detail: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The whole `core.planning.changes.Conflict` as JSON: evidence and resolutions."""
    state: str = "open"
    """`open`; `held` by an admin; `skipped` until a later plan meets it again; `answered`, until a plan has carried the
    answer out; `closed` once a plan no longer finds it."""
    user_id: str | None = None
    group_id: str | None = None
    run: int | None = None
    opened_at: int = Field(sa_type=BigInteger)
    closed_at: int | None = Field(default=None, sa_type=BigInteger)
    answer: int | None = None
    """The last of its `answers`."""
    claimed_by: str | None = None
    """The admin who has it before them, with host and process."""
    claimed_at: int | None = Field(default=None, sa_type=BigInteger)
    """When they last said so: a claim ends soon after (`core.store.claims`)."""
    owner: str | None = None
    """Who is to see to it, where it is held."""
    note: str | None = None
    until: int | None = Field(default=None, sa_type=BigInteger)
    """When it is open again, where it is held; `None`: once an admin opens it."""
    exchange: int | None = Field(default=None, sa_type=BigInteger)


class Stake(SQLModel, table=True):
    """What an open conflict turns on that others have or want too (`core.planning.stakes`)."""

    __tablename__ = "stakes"
    __table_args__ = (Index("stakes_stake", "target", "stake"), {"sqlite_with_rowid": False})
    conflict: int = Field(primary_key=True)
    stake: str = Field(primary_key=True)
    target: str = Field(max_length=32)


class Order(SQLModel, table=True):
    """What a console or a command asks the engine to do."""

    __tablename__ = "orders"
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    """`sync`, `approve`, `drop`, `cancel`, `pause`, `resume`, `undo` or `reload`."""
    subject: str
    """The target's name, or the run's number."""
    asked_by: str
    asked_at: int = Field(sa_type=BigInteger)
    state: str = Field(default="open", index=True)
    """`open`, `taken`, `done` or `refused`."""
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
    answer: str | None = None
    """What came of it, in words; for `sync` also the run in `run`."""
    run: int | None = None


class Engine(SQLModel, table=True):
    """An engine and its heartbeat."""

    __tablename__ = "engines"
    id: int | None = Field(default=None, primary_key=True)
    host: str
    pid: int
    version: str
    listening: str
    """Where it listens, for people: `http://127.0.0.1:8440`."""
    started_at: int = Field(sa_type=BigInteger)
    beat_at: int = Field(sa_type=BigInteger)
    stopped_at: int | None = Field(default=None, sa_type=BigInteger)
    draining: bool = False
