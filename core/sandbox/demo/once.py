"""The demonstration without a console: everybody arrives, things happen, and both sides are compared at the end."""

import dataclasses
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random

from core.sandbox.churn import churn
from core.sandbox.demo.agreement import Comparison, differences
from core.sandbox.demo.feeds import Document, Feed, Pulled, Pushed
from core.sandbox.demo.products import Product, Products, demo_products, left_leads
from core.sandbox.demo.settling import settled
from core.sandbox.demo.workplace import PROVIDER, GraphPlace, Method, engine, furnish, issue_token
from core.sandbox.directory import Directory
from core.sandbox.entra import EntraClient
from core.sandbox.entra import Snapshot as EntraSnapshot
from core.sandbox.faults import Fault, Faults, FaultyApp
from core.sandbox.graph import Graph
from core.sandbox.people import Person
from core.sandbox.serving import serve
from core.sandbox.views import Snapshot
from core.store import Store, conflicts, group_links, links, runs
from core.store import changes as stored_changes

CHURN = 0.1
"""The share of people to whom something happens once everybody is there."""


async def demonstrate(folder: Path, users: int, seed: int, faults: float, method: Method = "scim") -> Document:
    """Run it all through; the document says what arrived, what was planned, applied, and observed at the end.

    :raises DemoFailed: when the engine does not start, or gets stuck.
    """
    started = time.monotonic()
    directory = Directory.seeded(users, seed)
    products = demo_products(directory, seed)
    before = {product.target: product.look() for product in products.all}
    apps = {product.target: FaultyApp(product.app, _faults(faults), seed) for product in products.all}
    graph = Graph.of_company(directory, seed=seed) if method == "graph" else None
    async with AsyncExitStack() as stack:
        served = {await stack.enter_async_context(serve(apps[product.target])): product for product in products.all}
        place = GraphPlace(await stack.enter_async_context(serve(graph.app)), graph.issue_token()) if graph else None
        workplace = furnish(folder, served, place)
        token = issue_token(workplace)
        with engine(workplace), Store.open(workplace.store_url) as store:
            async with _feed(directory, graph, store, workplace.scim_url, token) as feed:
                await _happenings(feed, directory, Random(f"happenings {seed}"), store, products.leaver)
                for app in apps.values():
                    app.faults = Faults()
                source = feed.snapshot()
                compared = [_comparison(store, source, product, before[product.target]) for product in products.all]
                found = [*feed.problems(), *left_leads(products)]
                found += [difference for comparison in compared for difference in differences(comparison)]
                document = feed.told() | _document(store, products, compared, list(apps.values()), found)
    spent = round(time.monotonic() - started, 1)
    return {"method": method, "users": users, "seed": seed, "faults_percent": faults, "seconds": spent, **document}


@asynccontextmanager
async def _feed(
    directory: Directory, graph: Graph | None, store: Store, scim_url: str, token: str
) -> AsyncIterator[Feed]:
    if graph is not None:
        yield Pulled(graph, directory, store, PROVIDER)
        return
    async with EntraClient(scim_url, token, dialect="mixed") as entra:
        yield Pushed(entra, directory)


def _faults(percent: float) -> Faults:
    """Every fault at the same rate; short ones, since a demonstration must end."""
    return dataclasses.replace(
        Faults.every(percent), latency_milliseconds=(10, 100), retry_after_seconds=1, hold_seconds=1.0
    )


async def _happenings(feed: Feed, directory: Directory, rng: Random, store: Store, leaver: Person | None) -> None:
    await feed.first()
    await settled(store)
    events = churn(directory, rng, CHURN)
    # Last, since what happens may be that somebody comes back.
    is_there = leaver is not None and leaver.id in directory.people and directory.person(leaver.id).in_service
    await feed.go_on([*events, directory.disable(leaver.id)] if leaver is not None and is_there else events)
    await settled(store)


def _comparison(store: Store, source: EntraSnapshot, product: Product, before: Snapshot) -> Comparison:
    fed: defaultdict[str, set[str]] = defaultdict(set)
    with store.read() as connection:
        open_subjects = conflicts.open_subjects(connection, product.target)
        linked = {link.user_id: link.account_name for link in links.all_links(connection, product.target)}
        for link in group_links.all_links(connection, product.target):
            fed[link.group_id].add(link.group_key)
    return Comparison(
        product.title,
        source,
        product.look(),
        before,
        linked,
        frozenset(open_subjects),
        {group: frozenset(keys) for group, keys in fed.items()},
        frozenset(kind for found in open_subjects.values() for kind in found),
        product.maps,
        product.default_groups,
        product.scope_group,
    )


def _document(
    store: Store,
    products: Products,
    compared: list[Comparison],
    apps: list[FaultyApp],
    found: list[str],
) -> Document:
    with store.read() as connection:
        open_conflicts = conflicts.open_conflicts(connection)
        all_runs = runs.newest(connection, 1_000)
        counted = Counter[tuple[str, str]]()
        for run in all_runs:
            counted.update(stored_changes.counts(connection, run.id))
    entra = compared[0].entra
    met = sum((Counter(app.met) for app in apps), Counter[Fault]())
    return {
        "runs": len(all_runs),
        "planned": _by_kind(counted, None),
        "applied": _by_kind(counted, "done"),
        "failed_attempts": _by_kind(counted, "failed"),
        "faults_met": {str(kind): number for kind, number in sorted(met.items())},
        "entra": {
            "users": len(entra.users),
            "active": sum(user.active for user in entra.users.values()),
            "groups": len(entra.groups),
            "memberships": len(entra.memberships()),
        },
        **{comparison.product.lower(): _counts(comparison.there) for comparison in compared},
        "leaver": products.leaver.user_principal_name.lower() if products.leaver is not None else None,
        "conflicts": [{"target": each.target, "kind": each.kind, "title": each.title} for each in open_conflicts],
        "differences": found,
        "agree": not found,
    }


def _counts(there: Snapshot) -> Document:
    return {
        "accounts": len(there.accounts),
        "active": sum(account.active for account in there.accounts),
        "groups": len(there.groups),
        "memberships": len(there.memberships),
    }


def _by_kind(counted: Counter[tuple[str, str]], state: str | None) -> dict[str, int]:
    total = Counter[str]()
    for (kind, found), number in counted.items():
        if state is None or found == state:
            total[kind] += number
    return dict(sorted(total.items()))
