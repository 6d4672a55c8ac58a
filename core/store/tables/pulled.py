"""The mirror of a directory that is read over Microsoft Graph, and how far each of its feeds has been read."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, text
from sqlmodel import Field, SQLModel

_DIRTY = text("dirty = 1")
"""Written as SQLAlchemy asks for it: SQLite uses a partial index for nothing else."""
_DIRTY_ON_POSTGRESQL = text("dirty")
_LINKED = text("identity IS NOT NULL")


class GraphFeed(SQLModel, table=True):
    """One feed of delta, `users` or `groups`; and, as `scope`, with which settings the mirror was last reconciled."""

    __tablename__ = "graph_feeds"
    provider: str = Field(primary_key=True, max_length=32)
    feed: str = Field(primary_key=True, max_length=6)
    phase: str
    """`seed`: read for the first time; `steady`: changes are followed; `resync`: read whole again, and compared."""
    query: str
    """What the links were made for; another query begins anew."""
    next_link: str | None = None
    """Where a round that is under way goes on."""
    delta_link: str | None = None
    """Where the next round begins; stored with the effects of the last page of a round, never before."""
    round: int = 0
    """The number of the newest round."""
    full_round: int = 0
    """The number of the newest round that told everything there is."""
    started_at: int | None = Field(default=None, sa_type=BigInteger)
    done_at: int | None = Field(default=None, sa_type=BigInteger)
    error: str | None = None
    """Why the last pull failed; nothing where it did not."""
    failed_at: int | None = Field(default=None, sa_type=BigInteger)


class GraphObject(SQLModel, table=True):
    """A user or group of the directory, as its feed told it."""

    __tablename__ = "graph_objects"
    __table_args__ = (
        Index("graph_objects_dirty", "provider", "kind", sqlite_where=_DIRTY, postgresql_where=_DIRTY_ON_POSTGRESQL),
        Index("graph_objects_state", "provider", "state", "kind"),
        Index("graph_objects_identity", "identity", sqlite_where=_LINKED, postgresql_where=_LINKED),
        Index("graph_objects_manager", "manager", "provider"),
        {"sqlite_with_rowid": False},
    )
    provider: str = Field(primary_key=True, max_length=32)
    id: str = Field(primary_key=True)
    kind: str = Field(max_length=5)
    """`user` or `group`."""
    properties: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """JSON, by Graph's names; what has no value is not in it."""
    manager: str | None = None
    """Object id of a user's manager."""
    state: str
    """`present`; `unseen`: missing from a whole reading, which proves nothing yet; `missing`: from a second one too;
    `deleted`: in the recycle bin; `gone`: for good."""
    missed: int = Field(sa_column=Column(Integer, nullable=False, server_default="0"))
    """Readings in a row that did not have it, second readings included."""
    round: int
    """The last round that told of it."""
    dirty: bool = Field(sa_column=Column(Boolean, nullable=False))
    """Whether the identity store may not be as it says."""
    identity: str | None = Field(default=None, max_length=36)
    """Our id of the user or group in the identity store."""
    problem: str | None = None
    """Why it cannot be kept there."""
    exchange: int | None = Field(default=None, sa_type=BigInteger)
    """The exchange that last told of it."""


class GraphMember(SQLModel, table=True):
    """One direct member of one group of the directory."""

    __tablename__ = "graph_members"
    __table_args__ = (
        Index("graph_members_member", "member", "provider"),
        # `dirty` stands in it again: without statistics SQLite would rather walk the whole key.
        Index(
            "graph_members_dirty",
            "provider",
            "dirty",
            "group",
            sqlite_where=_DIRTY,
            postgresql_where=_DIRTY_ON_POSTGRESQL,
        ),
        {"sqlite_with_rowid": False},
    )
    provider: str = Field(primary_key=True, max_length=32)
    group: str = Field(primary_key=True)
    member: str = Field(primary_key=True)
    kind: str = Field(max_length=5)
    """`user`, `group` or `other`."""
    present: bool = Field(sa_column=Column(Boolean, nullable=False))
    """False: it was one, and the identity store may still have it."""
    round: int
    dirty: bool = Field(sa_column=Column(Boolean, nullable=False))
    exchange: int | None = Field(default=None, sa_type=BigInteger)


class GraphMoved(SQLModel, table=True):
    """A user of the identity store who came into groups or left some, and is not pending for that yet."""

    __tablename__ = "graph_moved"
    __table_args__ = ({"sqlite_with_rowid": False},)
    provider: str = Field(primary_key=True, max_length=32)
    user_key: int = Field(primary_key=True)
    exchange: int | None = Field(default=None, sa_type=BigInteger)
    """The newest exchange that told of it."""


class GraphAssignment(SQLModel, table=True):
    """A user or group that is assigned to the enterprise application."""

    __tablename__ = "graph_assignments"
    __table_args__ = ({"sqlite_with_rowid": False},)
    provider: str = Field(primary_key=True, max_length=32)
    principal: str = Field(primary_key=True)
    kind: str = Field(max_length=5)
    missed: int = Field(sa_column=Column(Integer, nullable=False, server_default="0"))
    """Readings in a row that did not have it."""
    roles: bytes | None = None
    """The ids of the application's roles that it is assigned with, as a JSON list."""


class GraphPull(SQLModel, table=True):
    """The last pull of a provider, kept up while it runs: a console shows it live."""

    __tablename__ = "graph_pulls"
    provider: str = Field(primary_key=True, max_length=32)
    started_at: int = Field(sa_type=BigInteger)
    beat_at: int = Field(sa_type=BigInteger)
    """When it last told of itself; one that is silent for long, and did not end, is no more."""
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    step: str
    """What it does, in words."""
    requests: int
    units: int
    """Resource units that Graph charged."""
    waited: int
    """Milliseconds that Graph had it wait."""
    waiting_until: int | None = Field(default=None, sa_type=BigInteger)
    waiting_for: str | None = None
    """Why it waits; nothing where it does not."""


class GraphFact(SQLModel, table=True):
    """Something that is known of a directory as a whole: its name and domains, its licences, an application's roles."""

    __tablename__ = "graph_facts"
    provider: str = Field(primary_key=True, max_length=32)
    name: str = Field(primary_key=True)
    value: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """JSON."""
    read_at: int = Field(sa_type=BigInteger)
