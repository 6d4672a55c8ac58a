"""The API key of a directory reaches Atlassian and nobody else: no log, no message."""

import pytest
from cloud_site import CloudSite, cloud_site

from core.sandbox.cloud import Cloud, LocalAccount
from core.targets.protocol import NewAccount, TargetError

JANE = LocalAccount("jane@example.com", "Jane Doe", "jane@example.com", groups=("Staff",))
JOHN = NewAccount("john@example.com", "John Roe", "john@example.com", external_id="42")


async def everything(site: CloudSite) -> str:
    """What the target says while it is asked for this and that, for better or worse."""
    told = [repr(await site.target.check()), repr(site.target), repr(site.http)]
    calls = (
        site.target.create_account(JOHN),
        site.target.create_account(JOHN),
        site.target.find_account("john@example.com"),
        site.target.add_member("Staff", "john@example.com"),
        site.target.create_group("Staff"),
    )
    for call in calls:
        try:
            told.append(repr(await call))
        except TargetError as error:
            told += [str(error), repr(error), error.remedy]
    return "\n".join(told) + repr(site.log)


@pytest.mark.parametrize("key", [None, "ATCTT-wrong-secret"])
async def test_the_api_key_is_in_no_logged_exchange_and_no_message(key: str | None) -> None:
    async with cloud_site(Cloud.with_defaults([JANE]), key=key) as site:
        told = await everything(site)
        assert site.key not in told
        assert {exchange.request_headers["authorization"] for exchange in site.log} == {"Bearer •••"}
        assert any(exchange.method == "POST" for exchange in site.log)
