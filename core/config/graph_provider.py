"""`[provider.graph]` → how a directory is read over Microsoft Graph."""

from functools import partial
from pathlib import Path
from typing import get_args

from core.config import formats
from core.config.graph_settings import Cloud, GraphScope, GraphSettings
from core.config.table import Table
from core.config.user_rules import attribute_check
from core.credentials import ACCEPTED, SecretReference

_CREDENTIALS = ("credential", "certificate", "managed_identity", "workload_identity", "token")


def graph_settings(table: Table, folder: Path, *, reads: bool = True) -> GraphSettings:
    """The settings in `[provider.graph]`; relative paths are taken from `folder`. `reads` says that users and groups
    are read, and not only Entra's log."""
    default = GraphSettings()
    secret = partial(SecretReference.parse, folder=folder)
    settings = GraphSettings(
        tenant=table.text("tenant", default.tenant),
        client_id=table.text("client_id", default.client_id),
        credential=table.parsed("credential", secret, default.credential, accepted=f"Write {ACCEPTED}"),
        certificate=table.parsed("certificate", folder.joinpath, default.certificate),
        certificate_password=table.parsed("certificate_password", secret, None, accepted=f"Write {ACCEPTED}"),
        managed_identity=table.flag("managed_identity", default.managed_identity),
        workload_identity=table.parsed("workload_identity", folder.joinpath, default.workload_identity),
        token=table.parsed("token", secret, default.token, accepted=f"Write {ACCEPTED}"),
        cloud=table.choice("cloud", default.cloud, get_args(Cloud)),
        base_url=table.parsed("base_url", formats.base_url, default.base_url),
        application=table.parsed("application", str, default.application),
        scope=_scope(table),
        nested=table.flag("nested", default.nested),
        guests=table.flag("guests", default.guests),
        where=tuple(map(attribute_check, table.tables("where"))),
        details=table.flag("details", default.details),
        every=table.parsed("every", formats.interval, default.every),
    )
    _note_identity(table, settings)
    _note_secrets(table, settings)
    if reads and settings.scope == "assigned" and settings.application is None:
        remedy = 'Write the application id of the enterprise application, or choose another scope, such as "all"'
        table.problem("application", 'scope = "assigned" needs it', remedy)
    return settings


def _scope(table: Table) -> GraphScope | tuple[str, ...]:
    named = table.one_or_more("scope", str, ("assigned",))
    if named == ("assigned",):
        return "assigned"
    if named == ("all",):
        return "all"
    if isinstance(table.raw("scope"), str):
        remedy = 'Accepted: "assigned", "all", or the names of groups in a list, like ["Engineering"]'
        table.problem("scope", "this is none of the words", remedy)
        return "all"  # which needs nothing else, so that this is told alone
    return named


def _note_identity(table: Table, settings: GraphSettings) -> None:
    """Note what a sign-in needs and is not there."""
    given = [key for key in _CREDENTIALS if key in table and table.raw(key) is not False]
    if len(given) > 1:
        table.problem(given[1], f"{given[0]} is given too", "Keep one way to sign in")
    if settings.certificate_password is not None and settings.certificate is None:
        table.problem(
            "certificate_password", "there is no certificate that it protects", "Add certificate, or take it out"
        )
    if settings.token is None and not settings.managed_identity:
        for key in ("tenant", "client_id"):
            if not getattr(settings, key):
                table.problem(key, "this key is missing", f'Add {key} = "…", from the overview of the app registration')


def _note_secrets(table: Table, settings: GraphSettings) -> None:
    for key in ("credential", "certificate_password", "token"):
        secret: SecretReference | None = getattr(settings, key)
        for warning in secret.warnings() if secret is not None else ():
            table.warning(key, warning.message, warning.remedy)
