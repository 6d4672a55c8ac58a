"""How the requests screen looks: one day at a university, in a plain terminal and in a wide one."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from requests_app import NOW, PLAIN, RequestsApp, log
from textual.pilot import Pilot

from core.exchange import Exchange
from core.store import Store

pytestmark = pytest.mark.usefixtures("utc")

SUBJECTS = ("ada@example.com", "m.silva@example.com", "山田 太郎", "eng-platform", "r.haddad@example.com")
BODY = b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","value":true}]}'


def exchange(number: int) -> Exchange:
    """Requests and calls by turns; some refused, some slow, one unanswered."""
    one = replace(
        PLAIN,
        at=NOW - (60 - number) * 1_370,
        duration=4_000 + number * 731,
        subject=SUBJECTS[number % len(SUBJECTS)],
        path=f"/Users/2819c223-{number:04}",
        request_body=BODY,
        request_headers={"content-type": "application/scim+json", "authorization": "Bearer •••"},
    )
    if number % 3 == 0:
        one = replace(one, direction="out", party="wiki", method="PUT", path="/rest/api/user", duration=41_000)
    if number % 7 == 0:
        return replace(one, status=409, outcome="uniqueness")
    if number % 29 == 0:
        return replace(one, status=None, outcome="timed out")
    return replace(one, duration=1_300_000) if number % 31 == 0 else one


@pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=["80x24", "160x48"])
@pytest.mark.parametrize("opened", [False, True], ids=["list", "opened"])
def test_it_looks_as_it_did(
    store: Store, snap_compare: Callable[..., bool], size: tuple[int, int], opened: bool
) -> None:
    log(store, *[exchange(number) for number in range(1, 61)])
    app = RequestsApp(store)

    async def use(pilot: Pilot[None]) -> None:
        await pilot.pause()
        if opened:
            await pilot.press("slash")
            app.bar.open("-dir:out is:error|slow|write")
            await pilot.press("enter")
            await pilot.pause()
            await app.workers.wait_for_complete()
            await pilot.press("E", "E")
            await app.workers.wait_for_complete()
            await pilot.press("enter")
            await pilot.pause()

    assert snap_compare(app, run_before=use, terminal_size=size)
