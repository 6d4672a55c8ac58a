"""The demonstration without a console: one initial cycle, some incremental ones, and the comparison at the end."""

import dataclasses
import time
from collections import Counter, defaultdict
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

from core.sandbox.churn import churn
from core.sandbox.demo.agreement import Comparison, differences
from core.sandbox.demo.products import Product, Products, demo_products, left_leads
from core.sandbox.demo.settling import settled
from core.sandbox.demo.workplace import DemoFailed, engine, furnish, issue_token
from core.sandbox.directory import Directory
from core.sandbox.entra import CycleReport, EntraClient
from core.sandbox.faults import Faults, FaultyApp
from core.sandbox.people import Person
from core.sandbox.serving import serve
from core.sandbox.views import Snapshot
from core.store import Store, conflicts, group_links, links, runs
from core.store import changes as stored_changes

CHURN = 0.1
"""The share of people to whom something happens before the incremental cycle."""
_CYCLES_MORE = 5
"""Further cycles that Entra gets to send again what failed under faults."""

Document = dict[str, Any]


async def demonstrate(folder: Path, users: int, seed: int, faults: float) -> Document:
    """Run it all through; the document says what was pushed, planned, applied, and observed at the end.

    :raises DemoFailed: when the engine does not start, or gets stuck.
    """
    started = time.monotonic()
    directory = Directory.seeded(users, seed)
    products = demo_products(directory, seed)
    before = {product.target: product.look() for product in products.all}
    apps = {product.target: FaultyApp(product.app, _faults(faults), seed) for product in products.all}
    async with AsyncExitStack() as stack:
        served = {await stack.enter_async_context(serve(apps[product.target])): product for product in products.all}
        workplace = furnish(folder, served)
        token = issue_token(workplace)
        with engine(workplace), Store.open(workplace.store_url) as store:
            async with EntraClient(workplace.scim_url, token, dialect="mixed") as entra:
                cycles = await _cycles(entra, directory, Random(f"happenings {seed}"), store, products.leaver)
                for app in apps.values():
                    app.faults = Faults()
                compared = [_comparison(store, entra, product, before[product.target]) for product in products.all]
                found = [*_not_pushed(cycles[-1]), *left_leads(products)]
                found += [difference for comparison in compared for difference in differences(comparison)]
                document = _document(store, products, compared, cycles, list(apps.values()), found)
    spent = round(time.monotonic() - started, 1)
    return {"users": users, "seed": seed, "faults_percent": faults, "seconds": spent, **document}


def _faults(percent: float) -> Faults:
    """Every fault at the same rate; short ones, since a demonstration must end."""
    return dataclasses.replace(
        Faults.every(percent), latency_milliseconds=(10, 100), retry_after_seconds=1, hold_seconds=1.0
    )


async def _cycles(
    entra: EntraClient, directory: Directory, rng: Random, store: Store, leaver: Person | None
) -> list[CycleReport]:
    test = await entra.test_connection()
    if not test.ok:
        raise DemoFailed(f"Entra's test of the connection failed: {test.code} {test.detail}")
    reports = [await entra.initial_cycle(directory)]
    await settled(store)
    leaving = [directory.disable(leaver.id)] if leaver is not None else []
    reports.append(await entra.incremental_cycle(directory, [*leaving, *churn(directory, rng, CHURN)]))
    while reports[-1].escrowed and len(reports) < _CYCLES_MORE:
        reports.append(await entra.incremental_cycle(directory, []))
    await settled(store)
    return reports


def _not_pushed(last: CycleReport) -> list[str]:
    return [f"Entra could not push {failure.step} {failure.object_id}: {failure.detail}" for failure in last.failures]


def _comparison(store: Store, entra: EntraClient, product: Product, before: Snapshot) -> Comparison:
    fed: defaultdict[str, set[str]] = defaultdict(set)
    with store.read() as connection:
        open_subjects = conflicts.open_subjects(connection, product.target)
        linked = {link.user_id: link.account_name for link in links.all_links(connection, product.target)}
        for link in group_links.all_links(connection, product.target):
            fed[link.group_id].add(link.group_key)
    return Comparison(
        product.title,
        entra.snapshot(),
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
    cycles: list[CycleReport],
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
    met = sum((Counter(app.met) for app in apps), Counter[Any]())
    return {
        "pushed": [_cycle(report) for report in cycles],
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


def _cycle(report: CycleReport) -> Document:
    return {
        "cycle": report.cycle,
        "pushed": {step: dict(actions) for step, actions in report.pushed.items()},
        "requests": sum(sum(outcomes.values()) for outcomes in report.requests.values()),
        "failures": len(report.failures),
        "seconds": round(report.duration, 2),
    }


def _by_kind(counted: Counter[tuple[str, str]], state: str | None) -> dict[str, int]:
    total = Counter[str]()
    for (kind, found), number in counted.items():
        if state is None or found == state:
            total[kind] += number
    return dict(sorted(total.items()))
