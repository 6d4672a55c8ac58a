"""The tables: one class each, in the words of the design.

Times are integers, milliseconds since 1970-01-01 UTC. Names come twice where they are looked up: as received, and
as a `key` in the form in which they are compared. JSON is kept as bytes. Rows that list fast are narrow; what only an
opened row shows (bodies, documents) lies apart.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

_LIVE = text("deleted_at IS NULL")
_LIVE_INACTIVE = text("deleted_at IS NULL AND NOT active")
_CAUSED = text("cause IS NOT NULL")
_OF_A_CHANGE = text("change IS NOT NULL")
_BY_EXCHANGE = text("exchange IS NOT NULL")


class BigRowId(TypeDecorator[int]):
    """A 64-bit row number; SQLite numbers rows only in a column of type INTEGER."""

    impl = BigInteger().with_variant(Integer, "sqlite")
    cache_ok = True


class User(SQLModel, table=True):
    """A user as the IdP gave it. `id` is our SCIM id: never changed, never used again."""

    __tablename__ = "users"
    __table_args__ = (
        Index("users_user_name", "provider", "user_name_key", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("users_external_id", "provider", "external_id"),
        Index("users_email", "provider", "email_key"),
        Index("users_display_name", "provider", "display_name_key"),
        Index("users_modified", "provider", "modified_at"),
        Index("users_live", "provider", "key", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("users_inactive", "provider", "key", sqlite_where=_LIVE_INACTIVE, postgresql_where=_LIVE_INACTIVE),
    )
    key: int | None = Field(default=None, primary_key=True)
    """Row number, for compact references between tables and a stable order of listing."""
    id: str = Field(max_length=36, unique=True)
    provider: str = Field(max_length=32)
    external_id: str | None = None
    user_name: str
    user_name_key: str
    display_name: str | None = None
    display_name_key: str | None = None
    email: str | None = None
    """The work address, else the primary, else the first one."""
    email_key: str | None = None
    """Empty beside an address: the user has several, and they are in `user_emails`."""
    active: bool = True
    document: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The resource as JSON, without `id`, `meta` and `groups`."""
    version: int = 1
    created_at: int = Field(sa_type=BigInteger)
    modified_at: int = Field(sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)
    """The tombstone: a deleted user stays known, so that its account can still be deactivated and explained."""
    exchange: int | None = Field(default=None, sa_type=BigInteger)
    """The inbound exchange that last changed it."""


class Group(SQLModel, table=True):
    """A group as the IdP gave it, without its members."""

    __tablename__ = "groups"
    __table_args__ = (
        Index(
            "groups_display_name",
            "provider",
            "display_name_key",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("groups_external_id", "provider", "external_id"),
        Index("groups_modified", "provider", "modified_at"),
        Index("groups_live", "provider", "key", sqlite_where=_LIVE, postgresql_where=_LIVE),
    )
    key: int | None = Field(default=None, primary_key=True)
    id: str = Field(max_length=36, unique=True)
    provider: str = Field(max_length=32)
    external_id: str | None = None
    display_name: str
    display_name_key: str
    document: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    version: int = 1
    created_at: int = Field(sa_type=BigInteger)
    modified_at: int = Field(sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)
    exchange: int | None = Field(default=None, sa_type=BigInteger)


class Membership(SQLModel, table=True):
    """One member of one group. A member is a user or, nested, a group."""

    __tablename__ = "memberships"
    __table_args__ = (Index("memberships_member", "member_key", "nested"), {"sqlite_with_rowid": False})
    group_key: int = Field(primary_key=True)
    nested: bool = Field(primary_key=True)
    """True where the member is a group."""
    member_key: int = Field(primary_key=True)
    display: str | None = None
    """What the IdP called the member; where it gave nothing, the member's own name is shown."""
    exchange: int | None = Field(default=None, sa_type=BigInteger)
    """The inbound exchange that added it."""


class UserEmail(SQLModel, table=True):
    """One of several addresses of a user; one who has a single address has none here, but `users.email_key`."""

    __tablename__ = "user_emails"
    __table_args__ = (Index("user_emails_user", "user_key"), {"sqlite_with_rowid": False})
    email_key: str = Field(primary_key=True)
    user_key: int = Field(primary_key=True)


class LiveCount(SQLModel, table=True):
    """How many resources of one kind a provider has, so that a page of a list counts nothing."""

    __tablename__ = "live_counts"
    provider: str = Field(primary_key=True, max_length=32)
    kind: str = Field(primary_key=True, max_length=5)
    """`User` or `Group`."""
    live: int = 0
    removed: int = 0
    """How many were removed so far: while it stays, whoever is at a place in the order of creation stays there."""


class ToleranceUse(SQLModel, table=True):
    """How often a provider took one liberty with SCIM (`core.scim.tolerances`), and when it last did."""

    __tablename__ = "tolerance_uses"
    provider: str = Field(primary_key=True, max_length=32)
    name: str = Field(primary_key=True, max_length=40)
    uses: int = Field(default=0, sa_type=BigInteger)
    last_at: int = Field(sa_type=BigInteger)
    exchange: int = Field(sa_type=BigInteger)
    """The inbound exchange that took it last."""


class Pending(SQLModel, table=True):
    """A key that a target has yet to be brought in line with. Cleared only once the outcome is stored."""

    __tablename__ = "pending"
    __table_args__ = (Index("pending_due", "target", "due_at"),)
    target: str = Field(primary_key=True, max_length=32)
    kind: str = Field(primary_key=True, max_length=5)
    """`user` or `group`."""
    id: str = Field(primary_key=True, max_length=36)
    mark: int = Field(sa_type=BigInteger)
    """Changes with every touch: a key touched again while it was worked on is not cleared."""
    since: int = Field(sa_type=BigInteger)
    due_at: int = Field(sa_type=BigInteger)
    """Not to be worked on before: a failed key waits here for its retry."""
    attempts: int = 0
    error: str | None = None
    exchange: int | None = Field(default=None, sa_type=BigInteger)


class Link(SQLModel, table=True):
    """Which account belongs to which user, by immutable ids."""

    __tablename__ = "links"
    __table_args__ = (
        Index("links_account", "target", "account_id", unique=True),
        Index("links_account_key", "target", "account_key"),
    )
    target: str = Field(primary_key=True, max_length=32)
    user_id: str = Field(primary_key=True, max_length=36)
    account_id: str
    account_name: str
    account_key: str
    since: int = Field(sa_type=BigInteger)
    how: str
    """`created` or `matched by username`, with the run that did it."""
    run: int | None = None


class Account(SQLModel, table=True):
    """An account as last observed at a target."""

    __tablename__ = "accounts"
    __table_args__ = (Index("accounts_key", "target", "key"),)
    target: str = Field(primary_key=True, max_length=32)
    id: str = Field(primary_key=True)
    name: str
    key: str
    display_name: str | None = None
    email: str | None = None
    """As observed; where the product does not tell, as last written by us."""
    active: bool = True
    observed_at: int = Field(sa_type=BigInteger)


class TargetGroup(SQLModel, table=True):
    """A group as last observed at a target."""

    __tablename__ = "target_groups"
    target: str = Field(primary_key=True, max_length=32)
    key: str = Field(primary_key=True)
    name: str
    created_by_us: bool = False
    observed_at: int = Field(sa_type=BigInteger)


class TargetMembership(SQLModel, table=True):
    """A membership as last observed at a target."""

    __tablename__ = "target_memberships"
    __table_args__ = (Index("target_memberships_group", "target", "group_key"), {"sqlite_with_rowid": False})
    target: str = Field(primary_key=True, max_length=32)
    account_id: str = Field(primary_key=True)
    group_key: str = Field(primary_key=True)
    managed: bool = False
    """True where manciple added it, and may therefore remove it."""


class Run(SQLModel, table=True):
    """One execution: what triggered it, how far it is, how it ended."""

    __tablename__ = "runs"
    __table_args__ = (Index("runs_target", "target", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    target: str = Field(max_length=32)
    trigger: str
    """`push`, `schedule` or `order`."""
    scope: str
    """`all`, or how many keys it was about."""
    state: str = Field(index=True)
    """`reading`, `planning`, `waiting` (for approval), `applying`; then `done`, `failed`, `cancelled`, `dropped`."""
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
        Index("changes_exchange", "exchange", sqlite_where=_BY_EXCHANGE, postgresql_where=_BY_EXCHANGE),
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
    detail: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The whole `core.planning.values.Change` as JSON: reason, before, after."""
    state: str = "planned"
    """`planned`, `intent` (sent or about to be), `done`, `failed`, `stale` (premise gone) or `dropped`."""
    attempts: int = 0
    intent_at: int | None = Field(default=None, sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
    error: str | None = None
    exchange: int | None = Field(default=None, sa_type=BigInteger)
    """The inbound exchange that caused it."""


class Conflict(SQLModel, table=True):
    """A place where planner or executor refused to guess."""

    __tablename__ = "conflicts"
    __table_args__ = (
        Index("conflicts_subject", "target", "subject", "kind"),
        Index("conflicts_state", "state", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    target: str = Field(max_length=32)
    kind: str
    subject: str
    title: str
    detail: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The whole `core.planning.values.Conflict` as JSON: evidence and resolutions."""
    state: str = "open"
    """`open`, or `closed` once a later plan no longer finds it."""
    user_id: str | None = None
    group_id: str | None = None
    run: int | None = None
    opened_at: int = Field(sa_type=BigInteger)
    closed_at: int | None = Field(default=None, sa_type=BigInteger)
    exchange: int | None = Field(default=None, sa_type=BigInteger)


class Exchange(SQLModel, table=True):
    """One exchange as the log lists it. Headers and bodies lie in `ExchangeBody`."""

    __tablename__ = "exchanges"
    __table_args__ = (
        Index("exchanges_status", "status", "id"),
        Index("exchanges_cause", "cause", sqlite_where=_CAUSED, postgresql_where=_CAUSED),
        Index("exchanges_change", "change", sqlite_where=_OF_A_CHANGE, postgresql_where=_OF_A_CHANGE),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigRowId)
    direction: str = Field(max_length=3)
    party: str = Field(max_length=32)
    at: int = Field(sa_type=BigInteger)
    duration: int
    method: str
    path: str
    status: int | None = None
    subject: str = ""
    outcome: str = ""
    client: str = ""
    run: int | None = None
    change: int | None = None
    cause: int | None = Field(default=None, sa_type=BigInteger)


class ExchangeBody(SQLModel, table=True):
    """What an opened exchange shows: headers as JSON and bodies, redacted before they came here."""

    __tablename__ = "exchange_bodies"
    exchange: int = Field(primary_key=True, sa_type=BigRowId)
    request_headers: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    request_body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    response_headers: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    response_body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Order(SQLModel, table=True):
    """What a console or a command asks the engine to do."""

    __tablename__ = "orders"
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    """`sync`, `approve`, `drop`, `cancel` or `reload`."""
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


class Token(SQLModel, table=True):
    """A secret by which a provider is known: only its hash is kept."""

    __tablename__ = "tokens"
    __table_args__ = (Index("tokens_provider", "provider"),)
    id: int | None = Field(default=None, primary_key=True)
    provider: str = Field(max_length=32)
    prefix: str
    """The first characters, to tell tokens apart in listings; of an OAuth client, its client id."""
    kind: str = Field(default="bearer", max_length=8, sa_column_kwargs={"server_default": "bearer"})
    """`bearer` (sent as it is), `client` (an OAuth 2.0 client's secret), `access` (what a client got for it)."""
    client: int | None = None
    """Of an access token: the client that got it; it ends with that client."""
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: int = Field(sa_type=BigInteger)
    created_by: str
    expires_at: int | None = Field(default=None, sa_type=BigInteger)
    last_used_at: int | None = Field(default=None, sa_type=BigInteger)
    revoked_at: int | None = Field(default=None, sa_type=BigInteger)


class Audit(SQLModel, table=True):
    """What an admin did: who, from where, what, to what."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=BigInteger)
    who: str
    action: str
    subject: str
    detail: str = ""


_TABLES = SQLModel.metadata.tables
USERS = _TABLES["users"]
GROUPS = _TABLES["groups"]
MEMBERSHIPS = _TABLES["memberships"]
USER_EMAILS = _TABLES["user_emails"]
LIVE_COUNTS = _TABLES["live_counts"]
"""The tables of the identity store, for statements of columns rather than of objects."""
LINKS = _TABLES["links"]
