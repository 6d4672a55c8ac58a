"""Who and what is assigned to the enterprise application: there is no delta for it, so the list is read whole."""

from core.graph import queries
from core.graph.errors import GraphError, NotThere
from core.graph.session import Session, logged
from core.store import Transaction, graph_feeds, graph_members, graph_objects
from core.store.graph_feeds import Assigned

MISSED_READS = 2
"""Readings in a row without an assignment, after which it ended."""
_KINDS = {"User": "user", "Group": "group"}


async def read_assignments(session: Session) -> None:
    """Bring what is assigned up to date, where the scope goes by it, or details of users show it.

    :raises GraphError: when there is no such application, or nothing is assigned to it any more.
    """
    application = session.settings.application
    decides = session.settings.scope == "assigned"
    if application is None or not (decides or session.settings.details):
        return
    told: dict[str, Assigned] = {}
    with session.kept_exchanges() as exchanges:
        try:
            async for row in session.client.items(queries.assigned_to(application)):
                if kind := _KINDS.get(str(row.get("principalType"))):
                    principal, role = str(row["principalId"]), str(row.get("appRoleId"))
                    before = told[principal].roles if principal in told else frozenset()
                    told[principal] = Assigned(kind, before | {role})
        except NotThere:
            remedy = "Copy the Application ID from the overview of the enterprise application in Entra."
            raise GraphError(f"The tenant has no enterprise application {application}.", remedy) from None

        def write(tx: Transaction) -> None:
            logged(tx, exchanges)
            _take(tx, session, told)

        await session.store.writer.write(write)
    session.tell(f"assignments: {len(told):,} read")


def _take(tx: Transaction, session: Session, told: dict[str, Assigned]) -> None:
    provider = session.provider
    decides = session.settings.scope == "assigned"
    if decides and not told and graph_feeds.assignments(tx.connection, provider):
        raise GraphError(
            "Nothing is assigned to the enterprise application any more: nothing is changed.",
            "Assign users or groups to it in Entra; or take the [[provider]] out, if that is meant.",
        )
    moved = graph_feeds.take_assignments(tx, provider, told, MISSED_READS, with_roles=session.settings.details)
    if not moved:
        return
    if session.settings.nested:
        graph_objects.mark_dirty(tx, provider)
        return
    groups = {each for each, kind in moved.items() if kind == "group"}
    members = graph_members.member_ids(tx.connection, provider, groups)
    graph_objects.mark_dirty_ids(tx, provider, moved.keys() | members)
