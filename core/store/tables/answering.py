"""What admins answered to conflicts, and the rules that answer for them."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary
from sqlmodel import Field, SQLModel


class Answer(SQLModel, table=True):
    """One answer to one conflict."""

    __tablename__ = "answers"
    __table_args__ = (
        Index("answers_standing", "target", "state"),
        Index("answers_conflict", "conflict"),
        Index("answers_rule", "rule"),
    )
    id: int | None = Field(default=None, primary_key=True)
    target: str = Field(max_length=32)
    conflict: int
    kind: str
    subject: str
    """Kind and subject are the conflict's (`core.planning.changes.Conflict`)."""
    key: str
    value: str | None = None
    needs: str | None = None
    """Key, value and what it stands for as in `core.planning.answers.Answer`."""
    by: str
    """The admin; of an answer that a rule gave, the rule's author."""
    rule: int | None = None
    note: str | None = None
    at: int = Field(sa_type=BigInteger)
    state: str = "standing"
    """`standing`, `done` (carried out, and over), `revoked` by an admin, or `failed`: it did not end the conflict."""
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    ending: str | None = None
    """Who revoked it, or why it failed."""


class DecisionRule(SQLModel, table=True):
    """A rule that answers conflicts like one that an admin answered."""

    __tablename__ = "decision_rules"
    __table_args__ = (Index("decision_rules_state", "target", "state"),)
    id: int | None = Field(default=None, primary_key=True)
    target: str = Field(max_length=32)
    kind: str
    where: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """A JSON object: field of the evidence (or `subject`) → glob; empty: every conflict of the kind."""
    key: str
    value: str | None = None
    reason: str
    author: str
    created_at: int = Field(sa_type=BigInteger)
    expires_at: int | None = Field(default=None, sa_type=BigInteger)
    state: str = "active"
    """`active`, `suspended` (its hits jumped), or `revoked`."""
    ending: str | None = None
    """Who revoked it, or why it is suspended."""
    hits: int = Field(sa_column=Column(Integer, nullable=False, server_default="0"))
    last_hit_at: int | None = Field(default=None, sa_type=BigInteger)
