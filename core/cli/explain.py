"""`manciple explain`: why an account, a group, or a membership at a target is as it is. It asks the store alone."""

import difflib
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

import typer
from sqlalchemy import Connection

from core.apply.explained_names import account_named, group_named
from core.apply.explanations import Explanation, account_explained, group_explained, membership_explained
from core.apply.offline import offline_setting
from core.apply.worlds import Setting
from core.cli.exits import DONE, USAGE, CommandFailed
from core.cli.explanation_view import explanation_lines, item_documents
from core.cli.opening import open_store, read_config, target_named
from core.cli.options import AsJson, ConfigPath, example
from core.cli.output import columns, say, say_all, say_json
from core.config import Settings, TargetSettings
from core.planning.answers import with_answers
from core.store import answers, origins

_NEAR = 3
"""Names that are proposed in the place of one that is nowhere."""
_ALIKE = 200
"""Names of each kind that are compared with it."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "explain",
        short_help="Show why an account, a group or a membership is as it is.",
        epilog=example(
            "manciple explain wiki ada",
            "manciple explain wiki confluence-users",
            "manciple explain wiki ada confluence-users",
        ),
    )(explain)


def explain(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="The name of a [[target]].")],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="An account, a userName, a user's id, or a group.", show_default=False)
    ],
    group: Annotated[
        str | None, typer.Argument(metavar="[GROUP]", help="A group: why the account is in it, or not.")
    ] = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """Show what the identity provider sent, which rules applied and which did not, what was done about it by which run
    and on whose word, what waits, and what the next plan would do.

    It answers from what is stored: nothing is sent to the target, so that what it can do is taken to be what its
    product can do at best.
    """
    settings = read_config(config)
    wanted = target_named(settings, target)
    with open_store(settings) as store, store.read() as connection:
        setting = _setting(connection, settings, wanted)
        found = list(_explained(connection, setting, name, group))
    if as_json:
        items = [document for each in found for document in item_documents(each)]
        say_json({"target": wanted.name, "titles": [each.title for each in found], "items": items})
        return DONE
    for number, each in enumerate(found):
        if number:
            say()
        say_all(explanation_lines(each, columns()))
    return DONE


def _setting(connection: Connection, settings: Settings, target: TargetSettings) -> Setting:
    setting = offline_setting(settings, target)
    return replace(setting, rules=with_answers(setting.rules, answers.standing(connection, target.name)))


def _explained(connection: Connection, setting: Setting, name: str, group: str | None) -> Iterator[Explanation]:
    """One explanation; of a name that is both an account's and a group's, two."""
    subject = account_named(connection, setting, name)
    if group is not None:
        key = group_named(connection, setting, group)
        if subject is None or key is None:
            raise _nowhere(connection, setting, *(("group", group) if subject else ("user or account", name)))
        yield membership_explained(connection, setting, subject, key)
        return
    key = group_named(connection, setting, name)
    if subject is None and key is None:
        raise _nowhere(connection, setting, "user, account or group", name)
    if subject is not None:
        yield account_explained(connection, setting, subject)
    if key is not None:
        yield group_explained(connection, setting, key)


def _nowhere(connection: Connection, setting: Setting, what: str, name: str) -> CommandFailed:
    alike = origins.names_like(connection, setting.provider, setting.target, name, _ALIKE)
    by_key = {each.lower(): each for each in alike}
    close = difflib.get_close_matches(name.lower(), list(by_key), _NEAR, 0.5) or list(by_key)[:_NEAR]
    remedy = f"near are {', '.join(by_key[key] for key in close)}" if close else "give a name that either side has"
    return CommandFailed(
        f"neither {setting.provider} nor {setting.target} has a {what} {name!r}, as far as was seen: {remedy}", USAGE
    )
