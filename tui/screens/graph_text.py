"""A provider that is read over Microsoft Graph, in words: whose directory, how far it was read, what is done now."""

from collections.abc import Mapping

from core.config.graph_guide import CONSOLE, graph_steps
from core.config.graph_settings import GraphSettings
from core.config.settings import ProviderSettings
from core.store.graph_pulls import PullRow
from tui import marks
from tui.actions import keys_of
from tui.counting import counted
from tui.marks import Mark
from tui.screens.graph_facts import GraphFacts
from tui.screens.graph_part import Tried
from tui.screens.provider_lines import labelled, numbered, paragraph
from tui.times import SECOND, ago, short_moment, span
from tui.widgets.page import Line, Words, line


def graph_state(facts: GraphFacts, now: int) -> Mark:
    """How it stands, in a mark."""
    if facts.pull is not None and facts.pull.is_running(now):
        return marks.AWAITED
    if facts.failure is not None:
        return marks.BAD
    if facts.left_out_in_all:
        return marks.LOOK
    return marks.GOOD if facts.done_at is not None else marks.AWAITED


def graph_row_text(facts: GraphFacts, now: int) -> str:
    """How it stands, in a few words."""
    if facts.pull is not None and facts.pull.is_running(now):
        return "waits" if facts.pull.waits(now) else "being read"
    if facts.failure is not None:
        return "the last pull failed"
    return f"read {ago(facts.done_at, now)}" if facts.done_at is not None else "not read yet"


def graph_lines(
    graph: GraphSettings, facts: GraphFacts, tried: Tried | None, keymap: Mapping[str, str], width: int, now: int
) -> list[Line]:
    """Settings, the pull that is under way or why the last one failed, how far it was read, and who is left out."""
    rows = [row for label, text in graph_settings(graph).items() for row in labelled(label, text, width)]
    rows += [(), *_pull(facts, keymap, width, now), *_feeds(facts, width, now)]
    if facts.left_out_in_all:
        rows += [(), *_left_out(facts, width)]
    if tried is None:
        key = keys_of("providers.check", keymap)[0]
        return [*rows, (), *paragraph(f"{key} tries sign-in and permissions.", 1, width, "page--dim")]
    return [*rows, (), *tried_lines(tried, width, now)]


def tried_lines(tried: Tried, width: int, now: int) -> list[Line]:
    """What a check found, with what to do about it."""
    rows = [line(Words(f" Checked {short_moment(tried.at, now)}", "page--title"))]
    if tried.is_under_way:
        return [*rows, line(Words("   under way …", "page--dim"))]
    if tried.failure:
        return [*rows, *paragraph(tried.failure, 3, width, "page--bad")]
    for found in tried.found or ():
        mark = marks.BAD if not found.is_ok else marks.LOOK if found.is_warning else marks.GOOD
        rows += paragraph(f"{mark.sign} {found.subject}: {found.detail}", 3, width, mark.on_page)
        if found.remedy and mark is not marks.GOOD:
            rows += paragraph(found.remedy, 5, width)
    return rows


def _pull(facts: GraphFacts, keymap: Mapping[str, str], width: int, now: int) -> list[Line]:
    pull, again = facts.pull, keys_of("providers.pull", keymap)[0]
    if pull is not None and pull.is_running(now):
        return [
            line(Words(f" Being read since {short_moment(pull.started_at, now)}", "page--title")),
            *labelled("step", pull.step, width),
            *labelled("took", _took(pull), width),
            *_waiting(pull, width, now),
        ]
    if (failed := facts.failure) is not None:
        when = ago(failed.failed_at, now) if failed.failed_at is not None else ""
        head = line(Words(f" X The last pull failed {when}".rstrip(), "page--bad"))
        return [
            head,
            *paragraph(failed.error or "", 3, width),
            *paragraph(f"{again} tries again.", 3, width, "page--key"),
        ]
    if facts.done_at is None:
        return paragraph(f"Nothing was read yet. {again} reads it now.", 1, width, "page--key")
    head = line(
        Words(f" v Read {ago(facts.done_at, now)}", "page--good"), Words(f"   {again} reads it now", "page--dim")
    )
    return [head, *(labelled("took", _took(pull), width) if pull is not None else ())]


def _waiting(pull: PullRow, width: int, now: int) -> list[Line]:
    """Why it waits just now, and for how long yet."""
    if not pull.waits(now) or pull.waiting_until is None:
        return []
    left = span(pull.waiting_until - now)
    return labelled("waits", f"{left} yet, for: {pull.waiting_for}", width, "page--warning")


def _took(pull: PullRow) -> str:
    seconds = span((pull.ended_at or pull.beat_at) - pull.started_at)
    waited = f", {span(pull.waited)} of it waiting" if pull.waited >= SECOND else ""
    return f"{counted(pull.requests, 'request')}, {counted(pull.units, 'resource unit')}, {seconds}{waited}"


def _feeds(facts: GraphFacts, width: int, now: int) -> list[Line]:
    rows: list[Line] = []
    for feed in facts.feeds:
        if feed.query:
            read = f", read {ago(feed.done_at, now)}" if feed.done_at is not None else ""
            rows += labelled(feed.feed, f"{_PHASES[feed.phase]}{read}, round {feed.round:,}", width)
    return rows


_PHASES = {
    "seed": "read for the first time",
    "steady": "followed by its changes",
    "resync": "read again and compared",
}


def _left_out(facts: GraphFacts, width: int) -> list[Line]:
    rows = [line(Words(f" ! {counted(facts.left_out_in_all, 'object')} left out", "page--warning"))]
    for each in facts.left_out:
        rows += paragraph(f"{each.kind} {each.id}: {each.problem}", 3, width)
    hidden = facts.left_out_in_all - len(facts.left_out)
    return [*rows, *([line(Words(f"   and {hidden:,} more", "page--dim"))] if hidden else ())]


def graph_settings(graph: GraphSettings) -> Mapping[str, str]:
    """What is shown of them, by label. Of a secret only where it lies."""
    scope = graph.scope if isinstance(graph.scope, str) else ", ".join(graph.scope)
    nested, guests = ", groups inside groups too" if graph.nested else "", "" if graph.guests else ", no guests"
    shown = {
        "tenant": graph.tenant,
        "client": graph.client_id,
        "signs in": _signs_in(graph),
        "scope": f"{scope}{nested}{guests}",
        "details": "manager, company, domain, roles, licences, … for rules" if graph.details else "",
        "pulled": "only when asked"
        if graph.every is None or graph.is_by_hand
        else f"every {span(graph.every * SECOND)}",
    }
    return {label: text for label, text in shown.items() if text}


def _signs_in(graph: GraphSettings) -> str:
    if graph.credential is not None:
        return f"with the client secret {graph.credential}"
    if graph.certificate is not None:
        return f"with the certificate {graph.certificate}"
    if graph.workload_identity is not None:
        return f"as a federated workload, {graph.workload_identity}"
    if graph.token is not None:
        return f"with the token {graph.token}"
    return "as this machine" if graph.managed_identity else "as whoever enters a device code"


def graph_step_lines(provider: ProviderSettings, keymap: Mapping[str, str], width: int) -> list[Line]:
    """What to do in Entra so that it can be read, as it is configured."""
    check, pull = (keys_of(f"providers.{name}", keymap)[0] for name in ("check", "pull"))
    rows = [line(Words(f" Set up Entra for {provider.name}, which is read over Microsoft Graph", "page--title"))]
    rows += paragraph(f"In {CONSOLE}.", 1, width, "page--dim")
    for number, step in enumerate(graph_steps(provider), 1):
        rows += numbered(number, step, width)
    return [*rows, *paragraph(f"{check} tries sign-in and each permission; {pull} reads.", 4, width, "page--key")]
