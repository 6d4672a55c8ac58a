"""The overview's facts as lines. Pure: the same facts, width and time give the same lines."""

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from core.config.settings import Settings
from core.store import conflicts, engines
from core.store.traffic import Flow
from tui.counting import counted
from tui.plain import fit, plain
from tui.screens.overview_facts import OverviewFacts, ProviderFacts, TargetFacts
from tui.screens.overview_needs import Need, token_end
from tui.screens.run_text import outcome
from tui.sparkline import rate, sparkline
from tui.standing import Standing
from tui.times import ago, span
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

_LABEL = 12
"""Columns of a name at the left."""
_SECONDS_PER_BAR = 3
_MARKS: Mapping[str, str] = {"warning": "!", "bad": "X"}


def engine_lines(settings: Settings, standing: Standing, now: int) -> list[Line]:
    """Whether an engine is alive, since when, where it listens; and the configuration."""
    rows = [_alive(engine, now) for engine in standing.alive(now)] or [_dead(standing, now)]
    return _titled("Engine", [*rows, line(Words(f"  {settings.path}", "page--dim"))])


def need_lines(needs: Sequence[Need], width: int) -> list[Line]:
    """What needs an admin, the next step at the right."""
    if not needs:
        return _titled("Needs you", [line(Words("v nothing", "page--good"))])
    return _titled("Needs you", [row for need in needs for row in _need(need, width - _LABEL - 1)])


def provider_lines(facts: OverviewFacts, now: int) -> list[Line]:
    """Each provider: what it is, where it sends to, what it sent."""
    return [_heading("Providers"), *(row for provider in facts.providers for row in _provider(provider, now))]


def target_lines(facts: OverviewFacts, now: int) -> list[Line]:
    """Each target: what it is, what is sent to it, what is left to do."""
    return [_heading("Targets"), *(row for target in facts.targets for row in _target(target, now))]


def conflict_lines(facts: OverviewFacts, now: int) -> list[Line]:
    """The newest conflicts; nothing where there is none."""
    rows = [_conflict(found, now) for found in facts.newest_conflicts]
    return [_heading("Newest conflicts"), *rows] if rows else []


def _alive(engine: engines.Engine, now: int) -> Line:
    draining = "  ! draining: finishes what it began" if engine.draining else ""
    state = Words(f"v alive for {span(now - engine.started_at)}", "page--good")
    who = Words(f"  {engine.host}, pid {engine.pid}", "page--dim")
    return line(state, Words(draining, "page--warning"), f"  {engine.listening}", who)


def _dead(standing: Standing, now: int) -> Line:
    if standing.last is None:
        return line(Words("X none has run on this store yet", "page--bad"))
    if standing.stopped_at is not None:
        return line(Words(f"X ended {ago(standing.stopped_at, now)}", "page--bad"), f"   {standing.last.host}")
    silent = span(now - standing.last.beat_at)
    where = f"   {standing.last.host}, pid {standing.last.pid}"
    return line(Words(f"X no sign of life for {silent}", "page--bad"), where)


def _need(need: Need, width: int) -> list[Line]:
    """The step beside the sentence, or below it where they do not fit."""
    mark, style = f"{_MARKS[need.level]} ", f"page--{need.level}"
    room = width - cell_len(need.next_step) - 4
    texts = wrapped(need.text, max(20, room))
    first = line(Words(mark + fit(texts[0], max(20, room)), style), Words(f" {need.next_step}", "page--key"))
    return [first, *(line(Words(f"  {text}", style)) for text in texts[1:])]


def _provider(facts: ProviderFacts, now: int) -> list[Line]:
    provider = facts.provider
    if provider.graph is not None:  # it is read: nobody comes there, and with no token
        return [_named(provider.name, provider.kind, "read over Microsoft Graph")]
    last = f"last request {ago(facts.last_at, now)}" if facts.last_at is not None else "no request yet"
    rows = [_named(provider.name, provider.kind, facts.base_url), _labelled("", *_flow(facts.flow, last))]
    if facts.tolerances:
        rows.append(_labelled("", Words(_tolerated(facts), "page--dim")))
    if not facts.live_tokens:
        rows.append(_labelled("", Words(f"! no token: manciple token issue {provider.name}", "page--warning")))
    elif end := token_end(facts, now):
        rows.append(_labelled("", Words(f"! {end[0]}", f"page--{end[1]}")))
    return rows


def _tolerated(facts: ProviderFacts) -> str:
    """How much it sends beside the standard; the dialog says what."""
    first, *more = facts.tolerances
    others = f" and {counted(len(more), 'other')}" if more else ""
    return f"tolerated: {first.name} {counted(first.uses, 'time')}{others}"


def _target(facts: TargetFacts, now: int) -> list[Line]:
    target, backlog = facts.target, facts.backlog
    seen = f"{counted(facts.accounts, 'account')}, {counted(facts.groups, 'group')} seen"
    unsolved = f"   ! {counted(facts.conflicts, 'conflict')} open" if facts.conflicts else ""
    rows = [_named(target.name, target.kind, target.url), _labelled("", *_flow(facts.flow, ""))]
    if backlog is not None:
        failing = Words(f"   ! {backlog.failing:,} failing" if backlog.failing else "", "page--bad")
        waits = f"backlog {counted(backlog.keys, 'key')}, oldest {span(now - backlog.oldest)}"
        rows.append(_labelled("", waits, failing))
    rows.append(_labelled("", seen, Words(unsolved, "page--warning")))
    run = outcome(facts.run, now) if facts.run is not None else (Words("no run yet", "page--dim"),)
    return [*rows, _labelled("", *run)]


def _flow(flow: Flow, last: str) -> tuple[Words, ...]:
    """The rate first, then a bar for every few seconds, and what failed, in columns that stay in place."""
    failed = Words(f"  ! {flow.failed:,} failed" if flow.failed else "", "page--warning")
    bars = sparkline(flow.counts, flow.end, _SECONDS_PER_BAR)
    return Words(fit(rate(flow.counts), 7)), Words(bars, "page--good"), Words(f"  {last}" if last else ""), failed


def _conflict(found: conflicts.Listed, now: int) -> Line:
    age = Words(f"   {ago(found.opened_at, now)}", "page--dim")
    return _labelled(found.target, Words("! ", "page--warning"), found.title, age)


def _named(name: str, kind: str, url: str) -> Line:
    return _labelled(name, Words(fit(kind, _LABEL)), Words(plain(url), "page--dim"))


def _heading(title: str) -> Line:
    return line(Words(f" {title}", "page--title"))


def _titled(title: str, rows: Sequence[Line]) -> list[Line]:
    """Rows with a title at the left of the first."""
    labels = [Words(fit(f" {title}", _LABEL + 1), "page--title"), *([Words(" " * (_LABEL + 1))] * (len(rows) - 1))]
    return [(label, *row) for label, row in zip(labels, rows, strict=True)]


def _labelled(label: str, *parts: Words | str) -> Line:
    return line(f" {fit(label, _LABEL - 1)} ", *parts)
