"""The first configuration, as `manciple init` writes it from a few answers: short, commented, and valid.

It names only what an admin must decide. Every other key is in `config.toml.example`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from core.config.reading import read_settings
from core.config.replacing import create_file
from core.config.settings import ListenerSettings, Settings, StoreSettings, TargetKind
from core.config.source import Source

_HEAD = """\
# manciple: provisions Atlassian products from an identity provider.
# Every key with its default is explained in config.toml.example. After a change, run: manciple check

[store]
# Where everything is kept. A relative path is taken from the folder of this file.
url = {store_url}

[listener]
# Where SCIM requests come in. Keep it on this machine behind a reverse proxy, or give tls_cert and tls_key.
bind = {bind}
# How the identity provider reaches it.
public_url = {public_url}
"""

_PROVIDER = """
[[provider]]
name = {name}
kind = {kind}
# Enter at the identity provider:
#   tenant or base URL   {scim_base_url}
#   secret token         what this prints, once: manciple token issue {plain_name}
"""

_TARGET = """
[[target]]
name = {name}
kind = {kind}
url = {url}
provider = {provider}
# A reference: env:NAME, file:/path or keyring:service/name. Never the secret itself.
credential = {credential}
{username}
[target.schedule]
# How often everything is compared, besides what the identity provider pushes.
every = "1h"
# "within-brakes": what is planned is applied at once, but for what [target.brakes] in config.toml.example hold back.
# "never": each plan waits for an admin's approval.
auto_apply = "never"
"""

_CREDENTIALS: Mapping[TargetKind, str] = {
    "confluence": "With a username the credential is its password; without, it is a personal access token.",
    "jira": "With a username the credential is its password; without, it is a personal access token.",
    "bitbucket": "With a username the credential is its password; without, it is an OAuth 2.0 access token.",
    "crowd": "The name of the application in Crowd; the credential is its password.",
    "cloud": "The credential is the API key of the directory, which belongs to no user.",
}
_NO_TARGET = """
# No target yet: what the identity provider sends is received and kept. Uncomment to provision a Confluence.
# [[target]]
# name = "wiki"
# kind = "confluence"
# url = "https://wiki.example.com"
# provider = {provider}
# credential = "env:CONFLUENCE_TOKEN"
"""


@dataclass(frozen=True, slots=True)
class FirstTarget:
    """The answers about a product."""

    url: str
    credential: str
    """A secret reference as written: `env:NAME`, `file:/path`, `keyring:service/name`."""
    name: str = "wiki"
    username: str | None = None
    kind: TargetKind = "confluence"


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """What `manciple init` asks."""

    provider_name: str = "entra"
    provider_kind: str = "entra"
    public_url: str = ListenerSettings().public_url
    bind: str = "127.0.0.1:8440"
    store_url: str = StoreSettings().url
    target: FirstTarget | None = None


def first_config(answers: FirstAnswers) -> str:
    """The text of a first configuration. Answers stand in it as given; `write_first` checks them."""
    listener = ListenerSettings(public_url=answers.public_url.rstrip("/"))
    head = _HEAD.format(
        store_url=_text(answers.store_url), bind=_text(answers.bind), public_url=_text(answers.public_url)
    )
    provider = _PROVIDER.format(
        name=_text(answers.provider_name),
        kind=_text(answers.provider_kind),
        scim_base_url=listener.scim_base_url(answers.provider_name),
        plain_name=answers.provider_name,
    )
    return head + provider + _target(answers)


def write_first(path: Path, answers: FirstAnswers) -> Settings:
    """Write a first configuration to `path`, where nothing may be yet, and give its settings.

    :raises ConfigError: when an answer is not acceptable, or the file is there already or cannot be written.
    """
    source = Source(path, first_config(answers).encode())
    settings = read_settings(source)
    create_file(path, source.content)
    return settings


def _target(answers: FirstAnswers) -> str:
    target, provider = answers.target, _text(answers.provider_name)
    if target is None:
        return _NO_TARGET.format(provider=provider)
    return _TARGET.format(
        name=_text(target.name),
        kind=_text(target.kind),
        url=_text(target.url),
        provider=provider,
        credential=_text(target.credential),
        username=_username(target),
    )


def _username(target: FirstTarget) -> str:
    said = f"# {_CREDENTIALS[target.kind]}\n"
    if target.username:
        return f"{said}username = {_text(target.username)}\n"
    return said if target.kind == "cloud" else f'{said}# username = "…"\n'


def _text(value: str) -> str:
    """A text as TOML writes it, quoted and escaped."""
    return tomlkit.string(value).as_string()
