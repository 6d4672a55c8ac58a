"""`manciple rules`: rules that answer conflicts like one that an admin answered, listed, made, ended, moved as TOML."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import tomli_w
import typer

from core.admin import admin
from core.apply.deciding import decide
from core.apply.offline import offline_setting
from core.apply.parts import write_beside_now
from core.apply.resolving import touch
from core.apply.ruling import effect, make_rule, undecided
from core.cli.exits import DONE, USAGE, CommandFailed
from core.cli.naming import manciple
from core.cli.opening import open_store, read_config, target_named
from core.cli.options import LARGEST_NUMBER, AsJson, ConfigPath, example
from core.cli.output import columns, say, say_all, say_json
from core.cli.rule_file import is_known, read_rule, read_tables, refuse, rule_table
from core.cli.rule_widths import HOW_WIDE, asked_how_wide, effect_lines
from core.cli.table import table
from core.cli.times import iso, iso_or_none, local_or_dash
from core.config import Settings
from core.config.formats import NotAccepted, duration
from core.planning.deciding import SUBJECT, DecisionRule, matches
from core.planning.wording import counted, listed
from core.store import Store, Transaction, answers, audit, conflicts, decision_rules
from core.store.answers import Given
from core.store.clock import now_ms
from core.store.decision_rules import Kept

_Number = Annotated[
    int, typer.Argument(metavar="NUMBER", min=1, max=LARGEST_NUMBER, help="As `rules` lists it.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        short_help="List, make and revoke rules that answer conflicts.",
        epilog=example(
            "manciple rules", "manciple rules add --like 12 --where 'account=svc-*' --reason 'service accounts'"
        ),
        invoke_without_command=True,
        callback=list_rules,
    )
    group.command(
        "add",
        short_help="Make a rule of an answer.",
        epilog=example(
            "manciple rules add --like 12 --answer X --this --reason 'left to HR'",
            "manciple rules add --like 12 --answer X --where 'account=svc-*' --reason 'service accounts'",
            "manciple rules add --like 12 --answer N --whole-kind --reason 'as proposed' --expires 90d",
        ),
    )(add)
    group.command("revoke", short_help="End a rule.", epilog=example("manciple rules revoke 3"))(revoke)
    group.command("resume", short_help="Let a suspended rule decide again.", epilog=example("manciple rules resume 3"))(
        resume
    )
    group.command("export", short_help="Print the active rules as TOML.", epilog=example("manciple rules export"))(
        export
    )
    group.command("import", short_help="Make the rules of a file.", epilog=example("manciple rules import rules.toml"))(
        import_rules
    )
    app.add_typer(group, name="rules")


def list_rules(
    context: typer.Context,
    target: Annotated[str | None, typer.Option("--target", metavar="NAME", help="Only those of this target.")] = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """List the rules that answer conflicts, with what they decided."""
    if context.invoked_subcommand is not None:
        return DONE
    settings = read_config(config)
    if target is not None:
        target_named(settings, target)
    with open_store(settings) as store, store.read() as connection:
        found = decision_rules.listed(connection, target)
    if as_json:
        say_json({"items": [_document(kept) for kept in found]})
    elif found:
        headings = ("#", "TARGET", "KIND", "WHERE", "ANSWER", "STATE", "HITS", "LAST", "AUTHOR", "REASON")
        say_all(table(headings, [_row(kept) for kept in found], right=("#", "HITS"), columns=columns()))
    else:
        say(f"No rule answers conflicts. To make one of a conflict: {manciple('rules add --like NUMBER')}")
    return DONE


def add(
    like: Annotated[
        int, typer.Option("--like", metavar="NUMBER", min=1, max=LARGEST_NUMBER, help="The conflict it is like.")
    ],
    answer: Annotated[str, typer.Option("--answer", metavar="KEY", help="One of its answers: L, N, X, K, M or T.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for those who come later.")],
    this: Annotated[bool, typer.Option("--this", help="Only about what this conflict is about.")] = False,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="FIELD=GLOB", help="About those whose evidence matches; may be repeated."),
    ] = None,
    whole_kind: Annotated[bool, typer.Option("--whole-kind", help="About every conflict of this kind.")] = False,
    value: Annotated[
        str | None, typer.Option("--value", metavar="NAME", help="What the answer needs; else what each proposes.")
    ] = None,
    expires: Annotated[str | None, typer.Option("--expires", metavar="90d", help="When it ends by itself.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Make it without asking.")] = False,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """Show which conflicts a rule would decide now, and would have decided before, ask, and make it."""
    if (given := sum((this, bool(where), whole_kind))) > 1:
        raise CommandFailed(HOW_WIDE, USAGE)
    settings = read_config(config)
    until = _expiry(expires)
    with open_store(settings) as store:
        with store.read() as connection:
            opened = conflicts.opened(connection, like)
            if opened is None:
                raise CommandFailed(f"there is no conflict {like}: see `{manciple('conflicts')}`", USAGE)
            row, conflict = opened
            if not given:
                raise asked_how_wide(connection, row.target, conflict, answer.upper(), value, as_json=as_json)
            conditions = {SUBJECT: conflict.subject} if this else _conditions(where or [], conflict.evidence)
            rule = DecisionRule(0, row.kind, conditions, answer.upper(), value)
            refuse(rule)
            if not matches(rule, conflict):
                raise CommandFailed(f"such a rule would not be about conflict {like}: look at --where again", USAGE)
            found = effect(connection, row.target, rule)
        if not as_json:
            say_all(effect_lines(found))
        if not yes and (as_json or not typer.confirm("Make this rule?", default=False, err=True)):
            raise CommandFailed("nothing was made: add --yes to make it without asking", USAGE)
        number = _make(settings, store, row.target, rule, reason, until)
    if as_json:
        say_json({"rule": number, "now": len(found.now), "before": len(found.before)})
    else:
        say(f"Rule {number} decides from now on. To end it: {manciple(f'rules revoke {number}')}")
    return DONE


def revoke(number: _Number, config: ConfigPath = None) -> int:
    """End a rule. What it decided and was not carried out yet waits for an answer again."""
    with open_store(read_config(config)) as store:
        kept = _kept(store, number)
        opened = _revoke(store, kept)
    say(f"Rule {number} is revoked; {counted(opened, 'conflict')} of those it decided will be looked at anew.")
    return DONE


def resume(number: _Number, config: ConfigPath = None) -> int:
    """Let a rule decide again that was suspended because its hits jumped."""
    with open_store(read_config(config)) as store:
        kept = _kept(store, number)
        if kept.state != "suspended":
            raise CommandFailed(f"rule {number} is {kept.state}, not suspended", USAGE)

        def write(tx: Transaction) -> None:
            decision_rules.move(tx, number, "active")
            audit.note(tx, admin(), "resume rule", f"rule {number} of {kept.target}")

        store.writer.write_now(write)
    say(f"Rule {number} decides again, from the next plan on.")
    return DONE


def export(config: ConfigPath = None) -> int:
    """Print the active rules as TOML, to be kept, compared, and imported elsewhere."""
    with open_store(read_config(config)) as store, store.read() as connection:
        kept = [each for each in decision_rules.listed(connection) if each.state == "active"]
    say_all(tomli_w.dumps({"rule": [rule_table(each) for each in kept]}).splitlines())
    return DONE


def import_rules(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="What `rules export` printed.", show_default=False)],
    config: ConfigPath = None,
) -> int:
    """Make the rules of a file, all or none; those that stand already are left as they are."""
    settings = read_config(config)
    wanted = [read_rule(settings, found, place) for place, found in enumerate(read_tables(path), 1)]
    with open_store(settings) as store:
        with store.read() as connection:
            known = [(each.target, each.rule) for each in decision_rules.listed(connection) if each.state == "active"]
        new = [each for each in wanted if not is_known(each[0], each[1], known)]

        def write(tx: Transaction) -> None:
            for target, rule, reason, until in new:
                number = decision_rules.make(tx, target, rule, reason, admin(), until)
                audit.note(tx, admin(), "import rule", f"rule {number} of {target}", reason)

        store.writer.write_now(write)
    say(f"{counted(len(new), 'rule')} made, {len(wanted) - len(new)} stood already.")
    return DONE


def _conditions(where: Sequence[str], evidence: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for each in where:
        name, is_given, glob = each.partition("=")
        if not is_given or name not in evidence:
            raise CommandFailed(f"--where {each}: write FIELD=GLOB, with a field of {listed(sorted(evidence))}", USAGE)
        found[name] = glob
    return found


def _make(settings: Settings, store: Store, target: str, rule: DecisionRule, reason: str, until: int | None) -> int:
    names, by = offline_setting(settings, target_named(settings, target)).capabilities.names, admin()
    number = store.writer.write_now(lambda tx: make_rule(tx, target, rule, reason, by, until))
    with store.read() as connection:
        found = undecided(connection, target, rule)
    write_beside_now(store, found, lambda tx, part: decide(tx, target, part, names))
    return number


def _revoke(store: Store, kept: Kept) -> int:
    """End the rule, and then what it decided, a few at a time: a SCIM request waits no longer than for those."""
    by = admin()

    def end(tx: Transaction) -> None:
        decision_rules.move(tx, kept.id, "revoked", f"revoked by {by}")
        audit.note(tx, by, "revoke rule", f"rule {kept.id} of {kept.target}", kept.reason)

    store.writer.write_now(end)
    with store.read() as connection:
        given = answers.of_rule(connection, kept.id)
    opened: list[int] = []
    write_beside_now(store, given, lambda tx, part: opened.append(_reopen(tx, kept, part, by)))
    return sum(opened)


def _reopen(tx: Transaction, kept: Kept, part: Sequence[Given], by: str) -> int:
    opened = 0
    for given in part:
        answers.end(tx, given.id, "revoked", f"rule {kept.id} was revoked by {by}")
        conflicts.reopen(tx, given.conflict)
        found = conflicts.opened(tx.connection, given.conflict)
        if found is not None:
            touch(tx, kept.target, found[1])
            opened += 1
    return opened


def _kept(store: Store, number: int) -> Kept:
    with store.read() as connection:
        kept = decision_rules.find(connection, number)
    if kept is None or kept.state == "revoked":
        raise CommandFailed(f"there is no rule {number}: see `{manciple('rules')}`", USAGE)
    return kept


def _expiry(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return now_ms() + 1000 * duration(text)
    except NotAccepted as error:
        raise CommandFailed(f"--expires {text}: {error}", USAGE) from None


def _row(kept: Kept) -> tuple[str, ...]:
    where = " ".join(f"{name}={glob}" for name, glob in kept.where.items()) or "*"
    answer = f"{kept.key} {kept.value or ''}".strip()
    state = f"{kept.state}: {kept.ending}" if kept.ending else kept.state
    return (
        *(str(kept.id), kept.target, kept.kind, where, answer, state, str(kept.hits)),
        *(local_or_dash(kept.last_hit_at), kept.author, kept.reason),
    )


def _document(kept: Kept) -> dict[str, object]:
    return rule_table(kept) | {
        "id": kept.id,
        "author": kept.author,
        "created": iso(kept.created_at),
        "expires": iso_or_none(kept.expires_at),
        "state": kept.state,
        "ending": kept.ending,
        "hits": kept.hits,
        "last_hit": iso_or_none(kept.last_hit_at),
    }
