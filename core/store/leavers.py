"""Whether anybody leaves: what leavers lead is read only then, since it takes a call for every project."""

from sqlalchemy import Connection, and_, or_, select

from core.store import tables
from core.store.tables import LINKS, USERS

_ACCOUNTS = tables.Account.metadata.tables["accounts"]


def any_account(
    connection: Connection, provider: str, target: str, missed_reads: int, *, also_inactive: bool = False
) -> bool:
    """Whether an active account, or `also_inactive`: any account, is of a user that is inactive, deleted, or was
    missing from so many reads."""
    gone = or_(USERS.c.active.is_(False), USERS.c.deleted_at.is_not(None), USERS.c.missed_reads >= missed_reads)
    of_account = and_(_ACCOUNTS.c.target == LINKS.c.target, _ACCOUNTS.c.id == LINKS.c.account_id)
    found = (
        select(USERS.c.id)
        .join(LINKS, LINKS.c.user_id == USERS.c.id)
        .join(_ACCOUNTS, of_account)
        .where(USERS.c.provider == provider, LINKS.c.target == target, gone)
    )
    statement = found if also_inactive else found.where(_ACCOUNTS.c.active.is_(True))
    return connection.execute(statement.limit(1)).first() is not None
