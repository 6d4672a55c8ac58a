"""What is told: exchanges, and what admins did."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from core.store.tables.row_ids import BigRowId

_CAUSED = text("cause IS NOT NULL")
_OF_A_CHANGE = text("change IS NOT NULL")


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


class Audit(SQLModel, table=True):
    """What an admin did: who, from where, what, to what."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=BigInteger)
    who: str
    action: str
    subject: str
    detail: str = ""
