"""A real SCIM client's conformance suite against the running listener, over real HTTP."""

from ipaddress import ip_network
from pathlib import Path

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from core.sandbox.serving import serve_in_thread
from core.scim.listener import Listener, Served
from core.store import Store, tokens

CHECKS = 135
"""As many as there are for a service that can do everything; fewer would mean that something is no longer announced."""


def test_everything_that_the_service_advertises_passes(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        token = store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "test"))
        listener = Listener(store, [Served("entra")], "http://listener.invalid", allow=[ip_network("127.0.0.0/8")])
        with serve_in_thread(listener) as url:
            listener._public_url = url
            with httpx2.Client(
                base_url=f"{url}/scim/entra/v2", headers={"Authorization": f"Bearer {token}"}, timeout=30
            ) as client:
                results = check_server(SyncSCIMClient(client))
    wrong = [f"{r.title}: {r.reason} {r.data}" for r in results if r.status is not Status.SUCCESS]
    assert wrong == []
    assert len(results) >= CHECKS
