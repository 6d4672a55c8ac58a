"""The settings of manciple as typed values: what `config.toml` says, with every default filled in.

The defaults stand here, and for a target's rules in `core.planning.rules`; `core.config.reading` takes them from
there. A new key is a field here, a line in `core.config.reading`, and a line in `config.toml.example`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from sqlalchemy.engine import make_url

from core.config.graph_settings import GraphSettings
from core.config.problems import Problem
from core.credentials import SecretReference
from core.planning.probes import NO_PROBE_RULES, ProbeRules
from core.planning.rules import TargetRules
from core.redaction import Bodies

IpNetwork = IPv4Network | IPv6Network
ProviderKind = Literal[
    "entra", "okta", "onelogin", "ping", "jumpcloud", "google", "keycloak", "authentik", "sailpoint", "other"
]
ProviderMethod = Literal["scim", "graph"]
TargetKind = Literal["confluence", "jira", "bitbucket", "crowd", "cloud"]
AutoApply = Literal["within-brakes", "never"]
ANYWHERE: tuple[IpNetwork, ...] = (ip_network("0.0.0.0/0"), ip_network("::/0"))
"""Every address."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """`[store]`."""

    url: str = field(default="sqlite:///manciple.db", repr=False)
    """An SQLAlchemy URL; a SQLite file is an absolute path once read from a configuration."""

    @property
    def shown_url(self) -> str:
        """The URL for screens and logs, its password masked."""
        return make_url(self.url).render_as_string(hide_password=True)


@dataclass(frozen=True, slots=True)
class ListenerSettings:
    """`[listener]`: where SCIM requests come in."""

    bind_host: str = "127.0.0.1"
    bind_port: int = 8440
    """0 takes any free port."""
    public_url: str = "http://127.0.0.1:8440"
    """Scheme, host and port as the IdP reaches them, without a slash at the end."""
    tls_cert: Path | None = None
    """PEM. Given together with `tls_key`, or not at all: then the listener speaks plain HTTP."""
    tls_key: Path | None = None
    allow: tuple[IpNetwork, ...] = ANYWHERE
    """Addresses that may send requests at all; the token is checked besides."""
    trusted_proxies: tuple[IpNetwork, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    """Addresses of reverse proxies, whose word is taken for where a request comes from."""

    def scim_base_url(self, provider: str) -> str:
        """What the admin enters at the IdP as the tenant or base URL."""
        return f"{self.public_url}/scim/{provider}/v2"

    def token_endpoint(self, provider: str) -> str:
        """Where an OAuth client of the provider gets its access tokens."""
        return f"{self.public_url}/scim/{provider}/oauth/token"


@dataclass(frozen=True, slots=True)
class LogSettings:
    """`[log]`: how much of the exchanges is kept."""

    keep_days: int = 30
    keep_mib: int = 1024
    """Mebibytes of exchanges; the oldest go first."""
    bodies: Bodies = "redacted"


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """`[console]`: how the console looks and listens."""

    theme: str = "manciple-dark"
    slow: bool = False
    """For a thin line: redraw less, animate nothing."""
    keymap: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """Action → keys, comma-separated, where they differ from the action's own."""
    filters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """Name → filter of requests, for every admin."""
    sandboxes: tuple[str, ...] = ()
    """Base URLs, beside those of this machine, that logged requests may be sent to again."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """One `[[provider]]`: an IdP connection."""

    name: str
    kind: ProviderKind
    method: ProviderMethod = "scim"
    allow: tuple[IpNetwork, ...] = ANYWHERE
    """Addresses that may send requests for it, among those of `[listener]`."""
    basic: bool = False
    """Whether a bearer token may be sent as the password of HTTP Basic, with the provider's name as the user name."""
    rate: int | None = None
    """Requests per second that are answered at most; `None`: as many as come."""
    probes: ProbeRules = NO_PROBE_RULES
    """How tests of the connection are recognised, which are provisioned nowhere."""
    graph: GraphSettings | None = None
    """With the method `graph`, and with no other."""
    provisioning_log: GraphSettings | None = None
    """As whom Entra's provisioning log is read, to lay it beside ours; `None`: it is not."""


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """`[target.schedule]`: when everything is compared, and whether what is planned is applied unasked."""

    every: int | None = 3600
    """Seconds between full synchronisations; `None`: only when an admin asks for one."""
    auto_apply: AutoApply = "within-brakes"
    """`within-brakes`: at once, but for what `[target.brakes]` hold; `never`: each plan waits for an admin."""


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """One `[[target]]`: a product instance to provision."""

    name: str
    kind: TargetKind
    url: str
    """Base URL with the context path, without a slash at the end."""
    credential: SecretReference
    """The password where `username` is given, else a personal access token; for Cloud the directory's API key."""
    provider: str
    username: str | None = None
    """For HTTP Basic authentication; `None`: the credential is sent as a bearer token."""
    ca_file: Path | None = None
    """PEM of the authorities to trust instead of the system's."""
    in_flight: int = 8
    """Calls to this target at the same time, at most."""
    directory: str | None = None
    """The user directory that new accounts must go into; `None`: whichever the product chooses."""
    applications: tuple[str, ...] | None = None
    """Keys of the Jira applications that new accounts get; `None`: what Jira gives by itself."""
    credential_expires: date | None = None
    """The last day of Cloud's API key, which Atlassian does not tell; `None`: not known."""
    rules: TargetRules = field(default_factory=TargetRules)
    schedule: ScheduleSettings = ScheduleSettings()


@dataclass(frozen=True, slots=True)
class Settings:
    """A whole configuration. One without providers or targets is valid: there is just nothing to do yet."""

    path: Path
    """The file they come from; relative paths in it are taken from its folder."""
    store: StoreSettings = StoreSettings()
    listener: ListenerSettings = ListenerSettings()
    log: LogSettings = LogSettings()
    console: ConsoleSettings = ConsoleSettings()
    providers: tuple[ProviderSettings, ...] = ()
    targets: tuple[TargetSettings, ...] = ()
    warnings: tuple[Problem, ...] = ()
    """What works but should not stay: a secret in the file, a secret file that everybody can read, a rule that is not
    used."""
