"""`manciple sandbox entra`: a simulated Entra ID that pushes to a SCIM endpoint."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from core.cli.exits import DONE, FAILED, UNREACHABLE, USAGE, CommandFailed
from core.cli.options import AsJson, example
from core.cli.output import say, say_all, say_json
from core.cli.progress import Progress
from core.cli.table import table
from core.config import formats
from core.config.formats import NotAccepted
from core.credentials import SecretReference
from core.planning.wording import counted

if TYPE_CHECKING:
    from core.sandbox.entra import CycleReport, Failure
    from core.sandbox.entra import Progress as CycleProgress

Dialect = Literal["legacy", "compliant", "mixed"]

CHURN = 0.05
"""The share of people that something happens to between two cycles."""
_SHOWN = 10
"""Failures that are shown of one cycle."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What to push, where to, and how."""

    url: str
    token: str
    users: int
    seed: int
    cycles: int
    pause: float
    dialect: Dialect


def register(group: typer.Typer) -> None:
    """Add the command."""
    line = "manciple sandbox entra --to http://127.0.0.1:8440/scim/entra/v2 --token env:SCIM_TOKEN --cycles 3"
    group.command("entra", short_help="Push a company as Entra ID does.", epilog=example(line))(entra)


def entra(
    to: Annotated[str, typer.Option("--to", metavar="URL", help="The SCIM base URL, as `manciple status` shows it.")],
    token: Annotated[
        str,
        typer.Option("--token", metavar="TOKEN", help="The token, or env:NAME or file:/path where it lies."),
    ],
    users: Annotated[
        int, typer.Option("--users", metavar="N", min=1, max=100_000, help="How many people the company has.")
    ] = 120,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same number makes the same company.")] = 1,
    cycles: Annotated[
        int, typer.Option("--cycles", metavar="N", min=0, help="Incremental cycles after the initial one.")
    ] = 1,
    pause: Annotated[
        float, typer.Option("--pause", metavar="SECONDS", min=0, max=86_400, help="Time between two cycles.")
    ] = 0,
    dialect: Annotated[Dialect, typer.Option("--dialect", help="How it writes its requests.")] = "legacy",
    as_json: AsJson = False,
) -> int:
    """Push a company as Entra ID does: an initial cycle, then what happened meanwhile in incremental ones.

    Other users of this machine can see what stands on a command line: prefer env:NAME or file:/path for the token.
    """
    _check_url(to)
    secret = SecretReference.parse(token, Path.cwd()).resolve()
    reports = asyncio.run(_push(_Job(to, secret, users, seed, cycles, pause, dialect), as_json))
    if as_json:
        say_json({"items": [asdict(report) for report in reports]})
    return _verdict(reports)


def _check_url(text: str) -> None:
    """Refuse what is no endpoint; behind a question mark may stand Entra's own flags.

    :raises CommandFailed: with what to write instead.
    """
    try:
        formats.base_url(text.partition("?")[0])
    except NotAccepted as error:
        raise CommandFailed(f"--to: {error.message}. {error.remedy}", USAGE) from None


async def _push(job: _Job, as_json: bool) -> "list[CycleReport]":
    reports = []
    async with aclosing(_cycles(job)) as cycles:
        async for report in cycles:
            reports.append(report)
            if _refused(report):
                break
            if not as_json:
                _say(report)
    return reports


async def _cycles(job: _Job) -> "AsyncGenerator[CycleReport, None]":
    # Imported here: the simulators and their names are large, and needed by no other command.
    from core.sandbox.churn import churn
    from core.sandbox.directory import Directory
    from core.sandbox.entra import EntraClient

    directory, rng, progress = Directory.seeded(job.users, job.seed), Random(f"happenings {job.seed}"), Progress()

    def show(step: "CycleProgress") -> None:
        progress.show(f"{step.cycle}, {step.step}: {step.done} of {step.total}, {counted(step.failures, 'failure')}")

    async with EntraClient(job.url, job.token, dialect=job.dialect, on_progress=show) as client:
        report = await client.initial_cycle(directory)
        progress.clear()
        yield report
        for _ in range(job.cycles):
            await asyncio.sleep(job.pause)
            report = await client.incremental_cycle(directory, churn(directory, rng, CHURN))
            progress.clear()
            yield report


def _say(report: "CycleReport") -> None:
    say(f"{report.cycle.capitalize()} cycle, {report.duration:.1f} s")
    for step, actions in report.pushed.items():
        say(f"  {step:<12}{_counts(actions)}")
    rows = [(request, _counts(outcomes)) for request, outcomes in report.requests.items()]
    say_all(f"  {line}" for line in table(("REQUEST", "ANSWERS"), rows))
    say(f"  half of the answers within {report.p50_ms:.0f} ms, 99 of 100 within {report.p99_ms:.0f} ms")
    for failure in report.failures[:_SHOWN]:
        say(f"  failed: {failure.step} {failure.object_id} {failure.code}: {failure.detail}")
    if len(report.failures) > _SHOWN:
        say(f"  and {len(report.failures) - _SHOWN} more failures")
    if report.quarantine is not None:
        say(f"  in quarantine: {report.quarantine}")


def _counts(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {what}" for what, number in numbers.items())


def _refused(report: "CycleReport") -> "Failure | None":
    """The failed connection test, after which nothing is pushed."""
    return next((failure for failure in report.failures if failure.step == "connection"), None)


def _remedy(refused: "Failure") -> str:
    if refused.status is None:
        return "Start the engine there with `manciple serve`, or give --to the base URL that `manciple status` shows"
    if refused.status in (401, 403):
        return "Give --token one that `manciple token issue` made for this provider"
    return "Give --to the base URL that `manciple status` shows"


def _verdict(reports: "list[CycleReport]") -> int:
    """0 where everything was provisioned.

    :raises CommandFailed: where not, with the code that fits.
    """
    last = reports[-1]
    if refused := _refused(last):
        raise CommandFailed(
            f"the endpoint cannot be used: {refused.detail.rstrip('.')}. {_remedy(refused)}", UNREACHABLE
        )
    if last.failures:
        number = counted(len(last.failures), "object")
        raise CommandFailed(f"{number} could not be provisioned: see `manciple requests is:error`", FAILED)
    return DONE
