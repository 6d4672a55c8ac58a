"""A plan as a file: saved from a run, read by people, and handed back to be applied exactly as it is.

The file is the plan's document with the name of its target and the plan's hash. One that was changed by hand is
refused: what is applied is what was reviewed.
"""

import json
import os
import tempfile
from pathlib import Path

from core.admin import admin
from core.cli.exits import USAGE, CommandFailed
from core.planning.changes import Change, Plan
from core.planning.document import plan_document, plan_hash, read_plan
from core.store import Store, Transaction, audit, changes, runs

PART = 500
"""Changes stored in one write, so that no SCIM write waits long behind a large file."""
SCOPE = "file"
"""What the run of a file says it is about."""


def document(target: str, plan: Plan) -> dict[str, object]:
    """What such a file holds."""
    return plan_document(plan) | {"target": target, "hash": plan_hash(plan)}


def write(path: Path, target: str, plan: Plan) -> None:
    """Save a plan, readable by this user alone: it names people. A file that is there is replaced whole.

    :raises OSError: when it cannot be written.
    """
    text = json.dumps(document(target, plan), indent=2, sort_keys=True) + "\n"
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def read(path: Path, target: str) -> Plan:
    """The plan in a file, which must be one for `target` and unchanged since it was saved.

    :raises CommandFailed: with what is wrong with it.
    """
    found = _document(path)
    target_named, digest = found.pop("target", None), found.pop("hash", None)
    try:
        plan = read_plan(found)
    except ValueError as error:
        raise _refusal(path, str(error), "Save a new one with --plan") from None
    if digest != plan_hash(plan):
        raise _refusal(path, "its hash does not fit: it was changed after it was saved", "Save a new one with --plan")
    if target_named != target:
        raise _refusal(path, f"it is a plan for {target_named!r}, not for {target!r}", "Name its own target")
    return plan


def insert(store: Store, target: str, plan: Plan) -> int:
    """Make a run that waits for approval with exactly these changes; returns its number."""
    number = store.writer.write_now(lambda tx: runs.start(tx, target, "order", SCOPE, admin()))
    try:
        for start in range(0, len(plan.changes), PART):
            _insert_part(store, number, target, start, plan.changes[start : start + PART])
        store.writer.write_now(lambda tx: _let_wait(tx, number, target, plan))
    except BaseException:
        store.writer.write_now(lambda tx: _give_up(tx, number))
        raise
    return number


def _insert_part(store: Store, number: int, target: str, start: int, part: tuple[Change, ...]) -> None:
    store.writer.write_now(lambda tx: changes.plan(tx, number, target, start, part))


def _let_wait(tx: Transaction, number: int, target: str, plan: Plan) -> None:
    run = runs.find(tx.connection, number)
    if run is None or run.is_over:
        raise CommandFailed("an engine started meanwhile and gave the run up: repeat this")
    digest = plan_hash(plan)
    runs.note_plan(tx, number, len(plan.changes), len(plan.conflicts), digest, plan.notes)
    runs.note_holds(tx, number, plan.holds)
    runs.move(tx, number, "waiting")
    audit.note(tx, admin(), "plan file", target, f"run {number}, {len(plan.changes)} changes, plan {digest}")


def _give_up(tx: Transaction, number: int) -> None:
    changes.drop_rest(tx, number, "the plan file was not taken up whole")
    runs.finish(tx, number, "dropped", "the plan file was not taken up whole")


def _document(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise _refusal(path, f"it cannot be read: {error.strerror}", "Name a file that --plan saved") from None
    except (ValueError, RecursionError):
        raise _refusal(path, "it is not a plan: not JSON", "Name a file that --plan saved") from None
    if not isinstance(found, dict):
        raise _refusal(path, "it is not a plan: not an object", "Name a file that --plan saved")
    return found


def _refusal(path: Path, message: str, remedy: str) -> CommandFailed:
    return CommandFailed(f"{path}: {message}. {remedy}.", USAGE)
