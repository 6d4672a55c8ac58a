"""What the simulators that listen have in common: their options, their people, and listening until Ctrl-C."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from core.cli.exits import CommandFailed
from core.cli.output import flush, say_all

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from core.sandbox.people import Person

_HOST = "127.0.0.1"

Port = Annotated[
    int, typer.Option("--port", metavar="N", min=0, max=65535, help="Where it listens; 0 takes any free one.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="The same number makes the same people and faults.")]
Users = Annotated[
    int, typer.Option("--users", metavar="N", min=0, max=100_000, help="Accounts that are there already.")
]
FaultPercent = Annotated[
    float, typer.Option("--faults", metavar="PERCENT", min=0, max=100, help="How often each kind of fault happens.")
]


def first_people(users: int, seed: int) -> "Iterator[Person]":
    """The first people that `sandbox entra` pushes with the same seed."""
    # Imported here: the names of people are large, and needed by no other command.
    from core.sandbox.directory import Directory

    directory = Directory.seeded(users, seed)
    return (directory.person(ident) for ident in directory.people)


def listen(app: "ASGIApp", product: str, port: int, faults: float, seed: int, notes: Sequence[str]) -> None:
    """Serve the simulated product until Ctrl-C; `notes` says how to get in.

    :raises CommandFailed: when the port cannot be had.
    """
    asyncio.run(_serve(app, product, port, faults, seed, notes))


async def _serve(app: "ASGIApp", product: str, port: int, faults: float, seed: int, notes: Sequence[str]) -> None:
    from core.sandbox.faults import Faults, FaultyApp
    from core.sandbox.serving import serve

    try:
        async with serve(FaultyApp(app, Faults.every(faults), seed), host=_HOST, port=port) as url:
            title = f"A simulated {product} listens. Ctrl-C ends it, and all that is in it."
            say_all((title, f"  url         {url}", *notes))
            flush()
            await asyncio.Event().wait()
    except OSError as error:
        raise CommandFailed(
            f"cannot listen on {_HOST}:{port}: {error.strerror}. Give another --port, or 0 for any free one"
        ) from None
