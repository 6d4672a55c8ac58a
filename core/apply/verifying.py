"""Verifying a run: what its changes touched is read back once they are over, and compared with what they should leave.

Somebody else may have changed it meanwhile, or the product answered well and did something else: either way an admin
should know, and the next plan looks at it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.apply.computing import computed
from core.apply.concurrently import each
from core.apply.drafting import WIDE
from core.apply.expectation import NOT_AT_TARGET, Expectation
from core.apply.observing import AT_ONCE, Observation, observe_all, observe_some
from core.apply.site import Site
from core.apply.stopping import Stop
from core.exchange import Attribution, attributed
from core.planning.names import group_key
from core.planning.values import Lead
from core.store import changes, links
from core.store.changes import Stored


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of reading back."""

    stood: int
    """Changes that stand, or that later ones of the same run replaced."""
    differing: tuple[tuple[Stored, str], ...]
    """Those that do not, each with a sentence about what there is instead."""


async def verified(site: Site, run: int, stop: Stop) -> Verification:
    """Read back what the changes touched that a run made; beyond `WIDE` accounts and groups by listing everything.

    :raises TargetError: when the target cannot be read.
    :raises Stopped: when a stop was asked for.
    """
    done, expected = await computed(_expected, site, run)
    if not done:
        return Verification(0, ())
    with attributed(Attribution(run)):
        seen = await _observed(site, expected, stop)
        found = await each(sorted(expected.leads), lambda key: _lead(site, key, stop), AT_ONCE)
    leading = {lead.key: lead.account_key for lead in found if lead is not None}
    differing = await computed(expected.differences, seen, leading)
    return Verification(len(done) - len(differing), tuple(differing))


def _expected(site: Site, run: int) -> tuple[Sequence[Stored], Expectation]:
    """The changes of a run that were made at the target, and what they should leave."""
    expected = Expectation()
    with site.store.read() as connection:
        done = [each for each in changes.of_run(connection, run, ("done",)) if each.change.kind not in NOT_AT_TARGET]
        users = {each.change.user_id for each in done if each.change.user_id is not None}
        account_of = {link.user_id: link.account_id for link in links.of_users(connection, site.name, users)}
    for stored in done:
        change = stored.change
        expected.note(stored, change.account_id or account_of.get(change.user_id or ""))
    return done, expected


async def _observed(site: Site, expected: Expectation, stop: Stop) -> Observation:
    ids = sorted(expected.names)
    if len(ids) + len(expected.groups) <= WIDE:
        groups = [expected.group_names[place] for place in expected.groups]
        return await observe_some(site.target, (), (), groups, stop, ids)
    keys = {group_key(expected.group_names[place]) for _, place in expected.members}
    return await observe_all(site.target, keys, stop, _unheard)


async def _lead(site: Site, key: str, stop: Stop) -> Lead | None:
    stop.check()
    return await site.target.find_lead(key)


async def _unheard(read: int) -> None:
    """How far it is shows nowhere: what counts is the reading before the plan."""
