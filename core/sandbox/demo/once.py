"""The demonstration without a console: one initial cycle, some incremental ones, and the comparison at the end."""

import dataclasses
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from core.sandbox.churn import churn
from core.sandbox.confluence import Confluence
from core.sandbox.demo.agreement import Comparison, differences
from core.sandbox.demo.confluence import demo_confluence
from core.sandbox.demo.settling import settled
from core.sandbox.demo.workplace import TARGET, DemoFailed, engine, furnish, issue_token
from core.sandbox.directory import Directory
from core.sandbox.entra import CycleReport, EntraClient
from core.sandbox.faults import Faults, FaultyApp
from core.sandbox.serving import serve
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
    confluence = demo_confluence(directory, seed)
    before = confluence.snapshot()
    app = FaultyApp(confluence.app, _faults(faults), seed)
    async with serve(app) as url:
        workplace = furnish(folder, url, confluence.issue_token("svc-manciple"))
        token = issue_token(workplace)
        with engine(workplace), Store.open(workplace.store_url) as store:
            async with EntraClient(workplace.scim_url, token, dialect="mixed") as entra:
                cycles = await _cycles(entra, directory, Random(seed), store)
                app.faults = Faults()
                comparison = _comparison(store, entra, confluence, before)
                found = [*_not_pushed(cycles[-1]), *differences(comparison)]
                document = _document(store, comparison, cycles, app, found)
    spent = round(time.monotonic() - started, 1)
    return {"users": users, "seed": seed, "faults_percent": faults, "seconds": spent, **document}


def _faults(percent: float) -> Faults:
    """Every fault at the same rate; short ones, since a demonstration must end."""
    return dataclasses.replace(
        Faults.every(percent), latency_milliseconds=(10, 100), retry_after_seconds=1, hold_seconds=1.0
    )


async def _cycles(entra: EntraClient, directory: Directory, rng: Random, store: Store) -> list[CycleReport]:
    test = await entra.test_connection()
    if not test.ok:
        raise DemoFailed(f"Entra's test of the connection failed: {test.code} {test.detail}")
    reports = [await entra.initial_cycle(directory)]
    await settled(store)
    reports.append(await entra.incremental_cycle(directory, churn(directory, rng, CHURN)))
    while reports[-1].escrowed and len(reports) < _CYCLES_MORE:
        reports.append(await entra.incremental_cycle(directory, []))
    await settled(store)
    return reports


def _not_pushed(last: CycleReport) -> list[str]:
    return [f"Entra could not push {failure.step} {failure.object_id}: {failure.detail}" for failure in last.failures]


def _comparison(store: Store, entra: EntraClient, confluence: Confluence, before: Any) -> Comparison:
    with store.read() as connection:
        open_subjects = conflicts.open_subjects(connection, TARGET)
        linked = {link.user_id: link.account_name for link in links.all_links(connection, TARGET)}
        fed = {link.group_id: link.group_key for link in group_links.all_links(connection, TARGET)}
    kinds = frozenset(kind for found in open_subjects.values() for kind in found)
    sides = entra.snapshot(), confluence.snapshot(), before
    return Comparison(*sides, linked, frozenset(open_subjects), fed, kinds)


def _document(
    store: Store, comparison: Comparison, cycles: list[CycleReport], app: FaultyApp, found: list[str]
) -> Document:
    with store.read() as connection:
        open_conflicts = conflicts.open_conflicts(connection, TARGET)
        all_runs = runs.newest(connection, 1_000)
        counted = Counter[tuple[str, str]]()
        for run in all_runs:
            counted.update(stored_changes.counts(connection, run.id))
    return {
        "pushed": [_cycle(report) for report in cycles],
        "runs": len(all_runs),
        "planned": _by_kind(counted, None),
        "applied": _by_kind(counted, "done"),
        "failed_attempts": _by_kind(counted, "failed"),
        "faults_met": {str(kind): number for kind, number in sorted(app.met.items())},
        "entra": {
            "users": len(comparison.entra.users),
            "active": sum(user.active for user in comparison.entra.users.values()),
            "groups": len(comparison.entra.groups),
            "memberships": len(comparison.entra.memberships()),
        },
        "confluence": {
            "accounts": len(comparison.confluence.accounts),
            "active": sum(account.active for account in comparison.confluence.accounts),
            "groups": len(comparison.confluence.groups),
            "memberships": len(comparison.confluence.memberships),
        },
        "conflicts": [{"kind": each.kind, "title": each.title} for each in open_conflicts],
        "differences": found,
        "agree": not found,
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
