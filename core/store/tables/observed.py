"""The targets' side: what waits for them, what belongs to what, what was observed, and where it is not as left."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel


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
    is_new: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=text("0")))
    """Its default groups for new users were not all given yet."""


class GroupLink(SQLModel, table=True):
    """Which target group an IdP group feeds, by the IdP group's immutable id."""

    __tablename__ = "group_links"
    __table_args__ = (Index("group_links_key", "target", "group_key"), {"sqlite_with_rowid": False})
    target: str = Field(primary_key=True, max_length=32)
    group_id: str = Field(primary_key=True, max_length=36)
    group_key: str = Field(primary_key=True)
    source_name: str
    """The IdP group's name when it was linked."""
    since: int = Field(sa_type=BigInteger)
    run: int | None = None


class Account(SQLModel, table=True):
    """An account as last observed at a target."""

    __tablename__ = "accounts"
    __table_args__ = (
        Index("accounts_key", "target", "key"),
        Index("accounts_email", "target", "email_key"),
        Index("accounts_external_id", "target", "external_id"),
        Index("accounts_display", "target", "display_key"),
    )
    target: str = Field(primary_key=True, max_length=32)
    id: str = Field(primary_key=True)
    name: str
    key: str
    display_name: str | None = None
    email: str | None = None
    """As observed; where the product does not tell, as last written by us."""
    email_key: str | None = None
    active: bool = True
    external_id: str | None = None
    attributes: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    """Further attributes as JSON; `None`: none are known."""
    observed_at: int = Field(sa_type=BigInteger)
    directory: str | None = None
    """The user directory that it is in; `None`: the product does not tell."""
    read_only: bool | None = None
    """Whether only its directory can change it."""
    hides: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    """Other directories with an account of its name, as a JSON list; `None`: there are none."""
    display_key: str | None = None
    """The display name as names of people are compared (`core.planning.names.display_key`)."""


class ReleasedName(SQLModel, table=True):
    """An account name that manciple took from somebody, the last time it did: its account was deleted, or got another
    name."""

    __tablename__ = "released_names"
    __table_args__ = ({"sqlite_with_rowid": False},)
    target: str = Field(primary_key=True, max_length=32)
    key: str = Field(primary_key=True)
    name: str
    user_id: str = Field(max_length=36)
    """Whose it was."""
    account_id: str
    how: str
    """`deleted` or `renamed`."""
    run: int
    at: int = Field(sa_type=BigInteger)


class Repeat(SQLModel, table=True):
    """A change that manciple made again and again, without having taken it back itself: somebody else does."""

    __tablename__ = "repeats"
    __table_args__ = (Index("repeats_account", "target", "account_id"), {"sqlite_with_rowid": False})
    target: str = Field(primary_key=True, max_length=32)
    kind: str = Field(primary_key=True)
    account_id: str = Field(primary_key=True)
    group_key: str = Field(primary_key=True)
    """Empty where the change is about no group."""
    detail: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """What it leaves (`after`), and the runs that made it and when (`times`, a list of pairs), as JSON."""
    at: int = Field(sa_type=BigInteger)
    """When it was made last."""


class TargetGroup(SQLModel, table=True):
    """A group as last observed at a target."""

    __tablename__ = "target_groups"
    target: str = Field(primary_key=True, max_length=32)
    key: str = Field(primary_key=True)
    name: str
    id: str | None = None
    """The product's immutable id, where groups have one."""
    created_by_us: bool = False
    members: int | None = None
    """How many members it had when they were last read whole."""
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


class Drift(SQLModel, table=True):
    """Where a target was not as it had been left: changed by somebody else; or an answer about what has no user."""

    __tablename__ = "drift"
    __table_args__ = (
        Index("drift_open", "target", "cleared_at"),
        Index("drift_account", "target", "account_id"),
        Index("drift_group", "target", "group_key"),
    )
    id: int | None = Field(default=None, primary_key=True)
    target: str = Field(max_length=32)
    kind: str
    """As `core.planning.drift.Kind` has it."""
    account_id: str | None = None
    group_key: str | None = None
    field: str | None = None
    """Of an account that was changed: `display_name`, `email`, `name`, `active`, `attributes.<name>`."""
    name: str
    """For people: the account, the group, or `account in group`."""
    before: str | None = None
    """As it was left, for people."""
    after: str | None = None
    """As it was found."""
    seen_at: int = Field(sa_type=BigInteger)
    run: int | None = None
    """The run that found it first."""
    kept_by: str | None = None
    """Who said that it may stay as it is: it is not reported again while it does."""
    cleared_at: int | None = Field(default=None, sa_type=BigInteger)
    """When it was no longer as it had been found."""
