"""The tables: one class each, in the words of the design.

Times are integers, milliseconds since 1970-01-01 UTC. Names come twice where they are looked up: as received, and
as a `key` in the form in which they are compared. JSON is kept as bytes. Rows that list fast are narrow; what only an
opened row shows (bodies, documents) lies apart.
"""

from sqlmodel import SQLModel

from core.store.tables.access import Token
from core.store.tables.answering import Answer, DecisionRule
from core.store.tables.identities import Group, LiveCount, Membership, ToleranceUse, User, UserEmail
from core.store.tables.logged import Audit, Exchange, ExchangeBody
from core.store.tables.observed import (
    Account,
    Drift,
    GroupLink,
    Link,
    Pending,
    ReleasedName,
    Repeat,
    TargetGroup,
    TargetMembership,
)
from core.store.tables.pulled import (
    GraphAssignment,
    GraphFact,
    GraphFeed,
    GraphMember,
    GraphMoved,
    GraphObject,
    GraphPull,
)
from core.store.tables.working import Change, Conflict, Engine, HeldChange, Order, Run, Stake

_TABLES = SQLModel.metadata.tables
USERS = _TABLES["users"]
GROUPS = _TABLES["groups"]
MEMBERSHIPS = _TABLES["memberships"]
USER_EMAILS = _TABLES["user_emails"]
LIVE_COUNTS = _TABLES["live_counts"]
"""The tables of the identity store, for statements of columns rather than of objects."""
LINKS = _TABLES["links"]

__all__ = [
    "GROUPS",
    "LINKS",
    "LIVE_COUNTS",
    "MEMBERSHIPS",
    "USERS",
    "USER_EMAILS",
    "Account",
    "Answer",
    "Audit",
    "Change",
    "Conflict",
    "DecisionRule",
    "Drift",
    "Engine",
    "Exchange",
    "ExchangeBody",
    "GraphAssignment",
    "GraphFact",
    "GraphFeed",
    "GraphMember",
    "GraphMoved",
    "GraphObject",
    "GraphPull",
    "Group",
    "GroupLink",
    "HeldChange",
    "Link",
    "LiveCount",
    "Membership",
    "Order",
    "Pending",
    "ReleasedName",
    "Repeat",
    "Run",
    "Stake",
    "TargetGroup",
    "TargetMembership",
    "Token",
    "ToleranceUse",
    "User",
    "UserEmail",
]
