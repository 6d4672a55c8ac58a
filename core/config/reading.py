"""`config.toml` → `Settings`: every section, every key, and what must hold between them.

Nothing here looks beyond the file and the modes of the secret files it names. Whether a target answers or a
certificate is there is for `manciple check`, so that a console can run where neither is.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import get_args
from urllib.parse import urlsplit

import tomlkit
from tomlkit.exceptions import ParseError

from core.config import formats
from core.config.findings import Findings
from core.config.graph_provider import graph_settings
from core.config.problems import ConfigError, Problem, quoted
from core.config.rules import target_rules
from core.config.settings import (
    ANYWHERE,
    AutoApply,
    ConsoleSettings,
    ListenerSettings,
    LogSettings,
    ProviderKind,
    ProviderMethod,
    ProviderSettings,
    ScheduleSettings,
    Settings,
    StoreSettings,
    TargetKind,
    TargetSettings,
)
from core.config.source import Source, read_source
from core.config.table import Table, open_document
from core.credentials import ACCEPTED, SecretReference
from core.planning.probes import ProbeRules
from core.redaction import Bodies

_POSITION = re.compile(
    r"(?P<message>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL
)
_GIVEN_TWICE = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate inline")
_JUMPCLOUD_HOLD = 120
"""Seconds: its tests of the connection are over within a few."""
_FORMER_AUTO_APPLY = {"always": "within-brakes"}


def load_settings(path: Path) -> Settings:
    """The settings in the file `path`.

    :raises ConfigError: with everything that is wrong in the file.
    """
    return read_settings(read_source(path))


def read_settings(source: Source) -> Settings:
    """The settings in a file that was read before.

    :raises ConfigError: with everything that is wrong in it.
    """
    settings, findings = examine(source)
    if findings.problems:
        raise ConfigError(sorted(findings.problems, key=lambda problem: problem.line or 0))
    return settings


def examine(source: Source) -> tuple[Settings, Findings]:
    """The settings with what was found on the way; where there are problems, defaults stand for what is wrong.

    :raises ConfigError: when the file is not TOML in UTF-8.
    """
    document = _document(source)
    settings = _settings(document, source.path)
    document.note_unknown_keys()
    return settings, document.findings


def _document(source: Source) -> Table:
    # With a newline at the end, tomllib gives a position for every error but the file's ending too early.
    text = source.text + "\n"
    try:
        return open_document(source.path, text)
    except (ValueError, RecursionError) as error:
        raise ConfigError([_syntax_problem(source.path, text, error)]) from None


def _syntax_problem(path: Path, text: str, error: ValueError | RecursionError) -> Problem:
    if isinstance(error, RecursionError):
        return Problem(path, None, "", "lists or tables lie too deep in each other", "Write them flat")
    found = _POSITION.fullmatch(str(error))
    if found is None:
        # Not from the grammar: Python refuses to read a number of thousands of digits.
        return Problem(path, None, "", "a number in it has too many digits", "Write a shorter number")
    message = found["message"]
    line, column = (int(found["line"]), int(found["column"])) if found["line"] else _second_opinion(text)
    if message.startswith(_GIVEN_TWICE):
        return Problem(path, line, "", "this key or table is given twice", "Keep one, and put its keys together")
    # `message` quotes at most a character or key of the file, escaped by tomllib.
    message = f"this is not TOML: {message}, at column {column}"
    return Problem(path, line, "", message, "Correct it; texts stand in double quotes")


def _second_opinion(text: str) -> tuple[int, int]:
    """Line and column, from 1, of what `tomllib` only places at the end of the file: a bracket or quote left open."""
    try:
        tomlkit.parse(text)
    except ParseError as error:
        return error.line, error.col + 1
    return text.count("\n"), 1


def _settings(document: Table, path: Path) -> Settings:
    folder = path.absolute().parent
    store = _store(document.table("store"), folder)
    listener = _listener(document.table("listener"), folder)
    log = _log(document.table("log"))
    console = _console(document.table("console"))
    provider_tables = document.tables("provider")
    target_tables = document.tables("target")
    providers = tuple(_provider(table, folder) for table in provider_tables)
    targets = tuple(_target(table, folder) for table in target_tables)
    _note_repeated_names(provider_tables, [provider.name for provider in providers])
    _note_repeated_names(target_tables, [target.name for target in targets])
    _note_missing_providers(target_tables, targets, [provider.name for provider in providers])
    return Settings(path, store, listener, log, console, providers, targets, tuple(document.findings.warnings))


def _store(table: Table, folder: Path) -> StoreSettings:
    default = formats.store_url(StoreSettings().url, folder)
    url = table.parsed("url", partial(formats.store_url, folder=folder), default)
    if formats.password_in(url):
        table.warning("url", "the password stands in the file", "Leave it out, and use PGPASSWORD or ~/.pgpass")
    return StoreSettings(url)


def _listener(table: Table, folder: Path) -> ListenerSettings:
    default = ListenerSettings()
    host, port = table.parsed("bind", formats.listen_address, (default.bind_host, default.bind_port))
    tls_cert = table.parsed("tls_cert", folder.joinpath, default.tls_cert)
    tls_key = table.parsed("tls_key", folder.joinpath, default.tls_key)
    if ("tls_cert" in table) != ("tls_key" in table):
        given, missing = ("tls_cert", "tls_key") if "tls_cert" in table else ("tls_key", "tls_cert")
        table.problem(given, f"{missing} is missing", "Give both, or neither to listen without TLS")
    return ListenerSettings(
        bind_host=host,
        bind_port=port,
        public_url=table.parsed("public_url", formats.origin, _own_url(host, port, "tls_cert" in table)),
        tls_cert=tls_cert,
        tls_key=tls_key,
        allow=table.parsed_list("allow", formats.network, default.allow),
        trusted_proxies=table.parsed_list("trusted_proxies", formats.network, default.trusted_proxies),
    )


def _own_url(host: str, port: int, tls: bool) -> str:
    """The listener's URL as this machine reaches it, for those who have not said how the IdP does."""
    reachable = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    shown_host = f"[{reachable}]" if ":" in reachable else reachable
    return f"{'https' if tls else 'http'}://{shown_host}:{port}"


def _log(table: Table) -> LogSettings:
    default = LogSettings()
    return LogSettings(
        keep_days=table.whole_number("keep_days", default.keep_days, at_least=1, at_most=3650),
        keep_mib=table.whole_number("keep_mib", default.keep_mib, at_least=1, at_most=1024 * 1024),
        bodies=table.choice("bodies", default.bodies, get_args(Bodies)),
    )


def _console(table: Table) -> ConsoleSettings:
    default = ConsoleSettings()
    return ConsoleSettings(
        theme=table.text("theme", default.theme),
        slow=table.flag("slow", default.slow),
        keymap=MappingProxyType(table.text_mapping("keymap")),
        filters=MappingProxyType(table.text_mapping("filters", formats.request_filter)),
        sandboxes=table.parsed_list("sandboxes", formats.base_url, default.sandboxes),
    )


def _provider(table: Table, folder: Path) -> ProviderSettings:
    name = table.parsed("name", formats.name, "", required=True)
    kind = table.choice("kind", "other", get_args(ProviderKind), required=True)
    method = table.choice("method", "scim", get_args(ProviderMethod))
    if method == "graph" and kind != "entra":
        table.problem("method", f"Microsoft Graph has no users of {kind}", 'Write kind = "entra", or method = "scim"')
    compares = table.flag("provisioning_log", False)
    if compares and kind != "entra":
        table.problem("provisioning_log", f"{kind} has none that Microsoft Graph tells", "Take it out")
    if method == "scim" and "graph" in table and not compares:
        remedy = "Take it out, write that method, or provisioning_log = true"
        table.problem("graph", 'it is for method = "graph"', remedy)
    graph = None
    if method == "graph" or compares:
        graph = graph_settings(table.table("graph"), folder, reads=method == "graph")
    return ProviderSettings(
        name=name,
        kind=kind,
        method=method,
        graph=graph if method == "graph" else None,
        provisioning_log=graph if compares else None,
        allow=table.parsed_list("allow", formats.network, ANYWHERE),
        basic=table.flag("basic", False),
        rate=table.whole_number("rate", 0, at_least=1, at_most=100_000) or None,
        probes=ProbeRules(
            table.text_list("probes", ()),
            table.parsed("hold", formats.duration, _JUMPCLOUD_HOLD if kind == "jumpcloud" else 0),
        ),
    )


def _target(table: Table, folder: Path) -> TargetSettings:
    reference = partial(SecretReference.parse, folder=folder)
    nothing = SecretReference("plain", "")
    target = TargetSettings(
        name=table.parsed("name", formats.name, "", required=True),
        kind=table.choice("kind", "confluence", get_args(TargetKind), required=True),
        url=table.parsed("url", formats.base_url, "", required=True),
        credential=table.parsed("credential", reference, nothing, required=True, accepted=f"Write {ACCEPTED}"),
        provider=table.text("provider", ""),
        username=table.parsed("username", str, None),
        ca_file=table.parsed("ca_file", folder.joinpath, None),
        in_flight=table.whole_number("in_flight", 8, at_least=1, at_most=100),
        directory=table.parsed("directory", str, None),
        applications=table.text_list("applications", ()) if "applications" in table else None,
        credential_expires=_day(table, "credential_expires"),
        rules=target_rules(table),
        schedule=_schedule(table.table("schedule")),
    )
    _note_unsafe_credential(table, target)
    if target.applications is not None and target.kind != "jira":
        table.problem("applications", f"{target.kind} has no applications", "Take it out: only Jira has them")
    if target.credential_expires is not None and target.kind != "cloud":
        remedy = "Take it out: it is for Atlassian Cloud's API keys"
        table.problem("credential_expires", f"{target.kind} is not checked for it", remedy)
    if target.kind == "crowd":
        _note_application(table, target)
    if target.kind == "cloud":
        _note_directory(table, target)
    return target


def _day(table: Table, key: str) -> date | None:
    return table.parsed(key, formats.day, None) if key in table else None


def _note_application(table: Table, target: TargetSettings) -> None:
    """Crowd knows no user by the credential but an application, which has its directories."""
    if target.username is None:
        table.problem("username", "crowd needs the name of an application", "Write the name it has in Crowd")
    if target.directory is not None:
        remedy = "Take it out, and map that directory alone to the application in Crowd"
        table.problem("directory", "new accounts go into a directory of crowd's application", remedy)


def _note_directory(table: Table, target: TargetSettings) -> None:
    """Cloud's directory is chosen by the URL, and its API key is nobody's."""
    if target.username is not None:
        table.problem("username", "cloud takes an API key without a name", "Take it out")
    if target.directory is not None:
        remedy = "Take it out: the id of the directory is the last part of the url"
        table.problem("directory", "the directory of cloud stands in its url", remedy)


def _schedule(table: Table) -> ScheduleSettings:
    default = ScheduleSettings()
    return ScheduleSettings(
        every=table.parsed("every", formats.interval, default.every),
        auto_apply=table.choice("auto_apply", default.auto_apply, get_args(AutoApply), former=_FORMER_AUTO_APPLY),
    )


def _note_unsafe_credential(table: Table, target: TargetSettings) -> None:
    if "credential" in table:
        for warning in target.credential.warnings():
            table.warning("credential", warning.message, warning.remedy)
    url = urlsplit(target.url)
    if url.scheme == "http" and not formats.is_loopback(url.hostname or ""):
        table.warning("url", "the credential crosses the network unencrypted", "Use https://")


def _note_repeated_names(tables: Sequence[Table], names: Sequence[str]) -> None:
    for index, (table, name) in enumerate(zip(tables, names, strict=True)):
        if name and name in names[:index]:
            table.problem("name", f"the name '{name}' is given twice", "Give each a name of its own")


def _note_missing_providers(tables: Sequence[Table], targets: Sequence[TargetSettings], names: Sequence[str]) -> None:
    remedy = f"Name one of: {', '.join(names)}" if any(names) else "Add a [[provider]] first"
    for table, target in zip(tables, targets, strict=True):
        if "provider" not in table:
            table.problem("provider", "this key is missing", remedy)
        elif target.provider and target.provider not in names:
            table.problem("provider", f"there is no provider {quoted(target.provider)}", remedy)
