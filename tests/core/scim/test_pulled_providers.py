"""A provider that is read over Microsoft Graph takes no SCIM: two sources would undo each other."""

from ipaddress import ip_network
from pathlib import Path

import httpx

from core.scim.listener import Listener
from core.scim.served import Served
from core.store import Store


async def test_scim_for_a_provider_that_is_read_is_refused_with_the_reason(tmp_path: Path) -> None:
    allow = [ip_network("0.0.0.0/0")]
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        listener = Listener(store, [Served("okta")], "https://scim.example.com", allow=allow, pulled=["entra"])
        async with httpx.AsyncClient(transport=httpx.ASGITransport(listener), base_url="http://test") as http:
            answer = await http.post("/scim/entra/v2/Users", json={})
            other = await http.get("/scim/nobody/v2/Users")
    assert answer.status_code == 403
    assert "is read over Microsoft Graph and takes no SCIM" in answer.json()["detail"]
    assert other.status_code == 404
