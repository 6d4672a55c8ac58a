"""A simulated Confluence in a process of its own that allows so many requests a second, until its input ends.

    python -m tests.bench.plan.product RATE ACCOUNTS GROUPS

Prints one line: URL and token.
"""

import asyncio
import sys

from core.sandbox.confluence import Confluence, LocalAccount
from core.sandbox.rate_limit import RateLimit, RateLimitedApp
from core.sandbox.serving import serve
from tests.bench.plan.joining import account_name, group_name


async def _serve(rate: int, accounts: int, groups: int) -> None:
    people = [
        LocalAccount(account_name(n), f"First Last{n}", f"{account_name(n)}@x.example", True) for n in range(accounts)
    ]
    product = Confluence.with_defaults(people)
    for number in range(groups):
        product.add_group(group_name(number))
    app = RateLimitedApp(product.app, RateLimit(per_second=rate, burst=rate))
    async with serve(app) as url:
        print(url, product.issue_token(), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(*map(int, sys.argv[1:4])))
