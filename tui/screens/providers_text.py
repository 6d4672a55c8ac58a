"""Providers in words. Pure: the same facts, width and time give the same lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.config.settings import ListenerSettings, ProviderMethod
from core.config.setup_guides import SETUP_GUIDES
from core.scim.tolerances import meaning
from core.store.tokens import Token
from core.store.traffic import Traffic
from tui import marks
from tui.actions import keys_of
from tui.counting import counted
from tui.marks import Mark
from tui.plain import fit
from tui.screens.connection_text import shown
from tui.screens.graph_facts import GraphFacts
from tui.screens.graph_part import Tried
from tui.screens.graph_text import graph_lines, graph_row_text, graph_state, tried_lines
from tui.screens.overview_facts import ProviderFacts
from tui.screens.overview_needs import token_end
from tui.screens.provider_lines import LABEL, labelled, numbered, paragraph
from tui.sparkline import rate, sparkline
from tui.times import DAY, ago, short_moment, span
from tui.widgets.page import Line, Words, line
from tui.widgets.window_source import Cell, Row

_SECONDS_PER_BAR = 3
_SOON = 30 * DAY
"""Milliseconds before its end from which on a token is warned of."""
_METHODS: Mapping[ProviderMethod, str] = {"scim": "SCIM", "graph": "Microsoft Graph"}
_ENDED = 3
"""Tokens that ended and are still listed."""


@dataclass(frozen=True, slots=True)
class ProviderView:
    """One provider and all tokens that were issued for it."""

    facts: ProviderFacts
    tokens: tuple[Token, ...]
    """Oldest first, those that ended too."""
    graph: GraphFacts | None = None
    """How far its directory was read, where it is read over Microsoft Graph."""

    def moved_on(self, traffic: Traffic, now: int) -> "ProviderView":
        """The same at a later time, when nothing was committed meanwhile: only the bars move."""
        flow = traffic.of("in", self.facts.provider.name, now)
        return replace(self, facts=replace(self.facts, flow=flow))


def row(number: int, view: ProviderView, now: int) -> Row:
    """A provider in the list."""
    facts = view.facts
    mark = state(view, now)
    last = ago(facts.last_at, now) if facts.last_at is not None else "no request yet"
    if view.graph is not None:
        last = graph_row_text(view.graph, now)
    return Row(
        number,
        (
            Cell(f"{mark.sign} {facts.provider.name}", mark.in_list, 18),
            Cell(facts.provider.kind, "window-view--dim", 10),
            Cell(rate(facts.flow.counts), width=7),
            Cell(last, "window-view--dim"),
        ),
    )


def state(view: ProviderView, now: int) -> Mark:
    """How a provider stands, in a mark."""
    if view.graph is not None:
        return graph_state(view.graph, now)
    facts = view.facts
    end = token_end(facts, now)
    if not facts.live_tokens or (end is not None and end[1] == "bad"):
        return marks.BAD
    if end is not None or facts.flow.failed:
        return marks.LOOK
    return marks.GOOD if facts.last_at is not None else marks.AWAITED


def heading(has_keys: bool, keymap: Mapping[str, str], width: int) -> Line:
    """Over the list."""
    text = f" {'>' if has_keys else '-'} Providers   {keys_of('providers.next_pane', keymap)[0]} goes on"
    return line(Words(fit(text, width), "page--title" if has_keys else "page--dim"))


def empty_lines(keymap: Mapping[str, str], width: int) -> list[Line]:
    """What is said where none is configured."""
    text = (
        "A provider is one connection to an identity provider. "
        f"{keys_of('providers.add', keymap)[0]} adds one to config.toml."
    )
    return [
        line(Words(" ! No provider is configured, so nothing comes in.", "page--warning")),
        *paragraph(text, 3, width),
    ]


def detail_lines(
    view: ProviderView,
    listener: ListenerSettings,
    tried: Tried | None,
    keymap: Mapping[str, str],
    width: int,
    now: int,
) -> list[Line]:
    """Where it sends to, what it sent, its tokens, and the liberties that it takes; of one that is read, how far."""
    facts = view.facts
    provider, guide = facts.provider, SETUP_GUIDES[facts.provider.kind]
    title = line(Words(f" {provider.name}", "page--title"), f"  {guide.product}, by {_METHODS[provider.method]}")
    tried = tried if tried is not None and tried.provider == provider.name else None
    if provider.graph is not None:
        return [title, *graph_lines(provider.graph, view.graph or GraphFacts(), tried, keymap, width, now)]
    last = f"last request {ago(facts.last_at, now)}" if facts.last_at is not None else "no request yet"
    failed = Words(f"  ! {facts.flow.failed:,} failed" if facts.flow.failed else "", "page--warning")
    traffic, bars = f" {rate(facts.flow.counts)} ", sparkline(facts.flow.counts, facts.flow.end, _SECONDS_PER_BAR)
    return [
        title,
        *labelled("base URL", facts.base_url, width),
        line(Words(fit(" traffic", LABEL), "page--dim"), traffic, Words(bars, "page--good"), f" {last}", failed),
        *_settings(facts, width),
        (),
        *_tokens(view, listener, keymap, width, now),
        (),
        *_tolerances(facts, width, now),
        *([(), *tried_lines(tried, width, now)] if tried is not None else ()),
    ]


def step_lines(facts: ProviderFacts, listener: ListenerSettings, keymap: Mapping[str, str], width: int) -> list[Line]:
    """What to do in the IdP's own console, in its words."""
    provider, guide = facts.provider, SETUP_GUIDES[facts.provider.kind]
    issue, copy, wait = (keys_of(f"providers.{name}", keymap)[0] for name in ("issue", "copy_url", "wait"))
    rows = [line(Words(f" Set up {guide.product} for {provider.name}", "page--title"))]
    rows += paragraph(
        f"In {guide.console}. {issue} issues the token, {copy} copies the base URL.", 1, width, "page--dim"
    )
    for number, step in enumerate(guide.steps, 1):
        rows += numbered(number, guide.filled(step, listener, provider.name), width)
    rows += paragraph(f"{wait} waits for the test, and says what arrived and what is missing.", 4, width, "page--key")
    rows.append(line(Words(" Then", "page--title")))
    for number, step in enumerate(guide.afterwards, len(guide.steps) + 1):
        rows += numbered(number, guide.filled(step, listener, provider.name), width)
    if guide.notes:
        rows.append(line(Words(" Know", "page--title")))
    for note in guide.notes:
        rows += paragraph(guide.filled(note, listener, provider.name), 4, width, "page--dim")
    return rows


def rotation(live: Sequence[Token], keymap: Mapping[str, str], now: int) -> str:
    """What comes next in replacing a token by another without a pause; empty where nothing does."""
    issue, revoke = (keys_of(f"providers.{name}", keymap)[0] for name in ("issue", "revoke"))
    if not live:
        return f"Nothing is let in without a token: {issue} issues one."
    newest, older = live[-1], live[:-1]
    if not older:
        return f"To replace it without a pause, {issue} issues a second one; both work until you revoke the first."
    (old,) = older[-1:]
    if newest.last_used_at is None:
        return f"Enter {shown(newest)} at the identity provider; {shown(old)} works until you revoke it."
    if (old.last_used_at or 0) > newest.last_used_at:
        return f"Both are in use: {shown(old)} was used {ago(old.last_used_at or 0, now)}, after {shown(newest)}."
    idle = f"last {ago(old.last_used_at, now)}" if old.last_used_at is not None else "never"
    return f"{shown(newest)} is in use; {shown(old)} was used {idle}: {revoke} revokes it."


def _settings(facts: ProviderFacts, width: int) -> list[Line]:
    """What differs from the defaults."""
    provider = facts.provider
    said = [
        "HTTP Basic is accepted" if provider.basic else "",
        f"at most {provider.rate:,} requests a second" if provider.rate is not None else "",
        f"new users and groups wait for {span(provider.probes.hold * 1000)}" if provider.probes.hold else "",
        f"tests: {', '.join(provider.probes.names)}" if provider.probes.names else "",
    ]
    text = "; ".join(part for part in said if part)
    return labelled("settings", text, width) if text else []


def _tokens(
    view: ProviderView, listener: ListenerSettings, keymap: Mapping[str, str], width: int, now: int
) -> list[Line]:
    live = [token for token in view.tokens if token.is_live(now)]
    ended = [token for token in view.tokens if not token.is_live(now)]
    rows = [line(Words(" Tokens", "page--title"))]
    for token in (*live, *reversed(ended[-_ENDED:])):
        rows += _token(token, now)
    hidden = len(ended) - _ENDED
    if hidden > 0:
        rows.append(line(Words(f"     and {counted(hidden, 'token')} before them that ended", "page--dim")))
    if any(token.kind == "client" for token in live):
        rows += labelled("token URL", listener.token_endpoint(view.facts.provider.name), width)
    for kind in ("bearer", "client"):
        same = [token for token in live if token.kind == kind]
        if same or (kind == "bearer" and not live):
            rows += paragraph(rotation(same, keymap, now), 3, width, "page--plain" if same else "page--warning")
    return rows


def _token(token: Token, now: int) -> list[Line]:
    used = f"last used {ago(token.last_used_at, now)}" if token.last_used_at is not None else "never used"
    if token.revoked_at is not None:
        mark, end = Mark("-", "dim"), f"revoked {ago(token.revoked_at, now)}"
    elif token.expires_at is None:
        mark, end = marks.GOOD, "never expires"
    elif token.expires_at <= now:
        mark, end = Mark("-", "dim"), f"expired {ago(token.expires_at, now)}"
    else:
        left = token.expires_at - now
        mark = marks.GOOD if left > _SOON else marks.LOOK
        end = f"expires in {span(left)}"
    what = "OAuth client " if token.kind == "client" else ""
    by = f"     issued {short_moment(token.created_at, now)} by {token.created_by}"
    return [
        line(Words(f"   {mark.sign} {what}{shown(token)}", mark.on_page), f"  {end}, {used}"),
        line(Words(by, "page--dim")),
    ]


def _tolerances(facts: ProviderFacts, width: int, now: int) -> list[Line]:
    rows = [line(Words(" Sent beside the SCIM standard, and understood", "page--title"))]
    if not facts.tolerances:
        return [*rows, line(Words("   nothing so far", "page--dim"))]
    for use in facts.tolerances:
        rows.append(
            line(f"   {use.name}", Words(f"  {counted(use.uses, 'time')}, last {ago(use.last_at, now)}", "page--dim"))
        )
        rows += paragraph(meaning(use.name), 5, width, "page--dim")
    return rows
