"""`manciple undo`: put back what a run changed."""

import sys
from typing import Annotated

import typer

from core.cli.agreeing import agreed, by_number
from core.cli.exits import DONE, NEEDS_ADMIN, USAGE, CommandFailed
from core.cli.following import Following, require_engine
from core.cli.naming import manciple
from core.cli.opening import open_store, read_config
from core.cli.options import LARGEST_NUMBER, AsJson, ConfigPath, example
from core.cli.output import say, say_all, say_json
from core.cli.planned import Planned, plan_lines, read_planned
from core.cli.verdict import end
from core.store import runs


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "undo",
        short_help="Put back what a run changed.",
        epilog=example("manciple undo 41", "manciple undo 41 --yes --json"),
    )(undo)


def undo(
    run: Annotated[int, typer.Argument(metavar="RUN", min=1, max=LARGEST_NUMBER, help="The number of a run.")],
    yes: Annotated[bool, typer.Option("--yes", help="Apply without asking.")] = False,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """Plan the inverse of a run, show what can and what cannot be put back, and apply it once that is approved.

    What is no longer as the run left it stays as it is. What was put back is not done again until the identity
    provider changes it; undoing the undoing lets it be done again.
    """
    with open_store(read_config(config)) as store:
        require_engine(store)
        with store.read() as connection:
            found = runs.find(connection, run)
        if found is None:
            raise CommandFailed(f"there is no run {run}: see `{manciple('runs')}`", USAGE)
        following = Following(store)
        planned = read_planned(store, following.undo(found).id)
        if not as_json:
            say_all(plan_lines(planned, is_saved=False))
        if planned.run.state != "waiting":
            return end(store, planned, as_json=as_json)
        if yes and planned.run.holds:
            raise CommandFailed(by_number(planned.run), NEEDS_ADMIN)
        if yes or agreed(planned, as_json=as_json):
            return end(store, read_planned(store, following.approve(planned.run).id), as_json=as_json)
        return _not_applied(following, planned, as_json=as_json)


def _not_applied(following: Following, planned: Planned, *, as_json: bool) -> int:
    if not as_json and sys.stdin.isatty():
        following.drop(planned.run)
        say("Nothing was changed.")
        return DONE
    if as_json:
        say_json(planned.document)
    approve = manciple(f"runs {planned.run.id} --approve")
    raise CommandFailed(
        f"run {planned.run.id} waits for approval: add --yes, or approve it with `{approve}`", NEEDS_ADMIN
    )
