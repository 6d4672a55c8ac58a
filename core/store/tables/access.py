"""Who may send: tokens and clients."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel


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
