"""`manciple init`: the first configuration, from a few answers."""

import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from core.cli.exits import DONE, USAGE, CommandFailed
from core.cli.options import example
from core.cli.output import say, say_all
from core.config import FirstAnswers, FirstTarget, ProviderKind, Settings, formats, place_for_new, write_first
from core.config.formats import NotAccepted
from core.config.settings import TargetKind
from core.credentials import ACCEPTED, SecretError, SecretReference

Check = Callable[[str], object]
"""Refuses an answer with `NotAccepted` or `SecretError`."""

_KINDS = get_args(ProviderKind)
_TARGET_KINDS = get_args(TargetKind)


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is proposed for a product."""

    name: str
    credential: str
    user_question: str | None = "Its administrator's name (empty: the credential is a token)"


_USUAL: Mapping[TargetKind, _Usual] = {
    "confluence": _Usual("wiki", "env:CONFLUENCE_TOKEN"),
    "jira": _Usual("tracker", "env:JIRA_TOKEN"),
    "bitbucket": _Usual("code", "env:BITBUCKET_PASSWORD"),
    "crowd": _Usual("people", "env:CROWD_PASSWORD", "Name of the application in Crowd"),
    "cloud": _Usual("cloud", "env:ATLASSIAN_API_KEY", None),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "init",
        short_help="Write a first configuration.",
        epilog=example(
            "manciple init", "manciple init --public-url https://scim.example.com --target-url https://wiki.example.com"
        ),
    )(init)


def init(
    config: Annotated[
        Path | None,
        typer.Option("--config", "--path", metavar="PATH", help="The file to write. [default: ./config.toml]"),
    ] = None,
    provider_name: Annotated[
        str | None, typer.Option(metavar="NAME", help="What to call the IdP's connection.")
    ] = None,
    provider_kind: Annotated[str | None, typer.Option(metavar="KIND", help=f"One of {', '.join(_KINDS)}.")] = None,
    bind: Annotated[str | None, typer.Option(metavar="HOST:PORT", help="Where SCIM requests come in.")] = None,
    public_url: Annotated[str | None, typer.Option(metavar="URL", help="How the IdP reaches the listener.")] = None,
    store_url: Annotated[str | None, typer.Option(metavar="URL", help="Where everything is kept.")] = None,
    target_url: Annotated[str | None, typer.Option(metavar="URL", help="A product to provision.")] = None,
    target_kind: Annotated[str | None, typer.Option(metavar="KIND", help=f"One of {', '.join(_TARGET_KINDS)}.")] = None,
    target_name: Annotated[str | None, typer.Option(metavar="NAME", help="What to call it.")] = None,
    target_username: Annotated[
        str | None, typer.Option(metavar="NAME", help="Its administrator (Crowd: application), with a password.")
    ] = None,
    credential: Annotated[
        str | None, typer.Option(metavar="REFERENCE", help=f"Where its token or password lies: {ACCEPTED}.")
    ] = None,
) -> int:
    """Write a first config.toml. Asks for what is not given, where there is a terminal to ask at.

    Never overwrites a file. Every key that it does not write has a default; config.toml.example explains them all.
    """
    path = place_for_new(config)
    if path.exists():
        raise CommandFailed(f"{path} is there already: change it, or name another file with --config", USAGE)
    kind = _answer("--provider-kind", provider_kind, f"Identity provider ({', '.join(_KINDS)})", "entra", _kind)
    name = _answer("--provider-name", provider_name, "Name of its connection", kind, formats.name)
    address = _answer("--bind", bind, "Address to listen on", FirstAnswers().bind, formats.listen_address)
    url = _answer(
        "--public-url", public_url, "URL at which the IdP reaches it", _own_url(address, public_url), formats.origin
    )
    store = _answer(
        "--store-url",
        store_url,
        "Store",
        FirstAnswers().store_url,
        partial(formats.store_url, folder=path.parent),
    )
    target = _target(target_url, target_kind, target_name, target_username, credential)
    settings = write_first(path, FirstAnswers(name, kind, url, address, store, target))
    _say_next_steps(settings, is_usual=path == Path("config.toml").absolute())
    return DONE


def _target(
    url: str | None, kind: str | None, name: str | None, username: str | None, credential: str | None
) -> FirstTarget | None:
    url = _answer("--target-url", url, "URL of the product to provision (empty: none yet)", "", _optional_url)
    if not url:
        given = {
            "--target-kind": kind,
            "--target-name": name,
            "--target-username": username,
            "--credential": credential,
        }
        if lonely := [option for option, answer in given.items() if answer is not None]:
            raise CommandFailed(f"{lonely[0]} is about a target: give --target-url too", USAGE)
        return None
    product = cast(
        "TargetKind",
        _answer("--target-kind", kind, f"Product ({', '.join(_TARGET_KINDS)})", "confluence", _target_kind),
    )
    usual = _USUAL[product]
    name = _answer("--target-name", name, "Name of this target", usual.name, formats.name)
    if usual.user_question:
        username = _answer("--target-username", username, usual.user_question, "", _username(product))
    elif username is not None:
        raise CommandFailed("--target-username: a directory of Atlassian Cloud has none. Leave it out", USAGE)
    place = _answer("--credential", credential, f"Where its credential lies ({ACCEPTED})", usual.credential, _reference)
    return FirstTarget(url, place, name, username or None, product)


def _username(product: TargetKind) -> Check:
    def check(text: str) -> None:
        if product == "crowd" and not text.strip():
            raise NotAccepted("Crowd lets in applications alone", "Give the name of one that is made for manciple")

    return check


def _target_kind(text: str) -> None:
    if text not in _TARGET_KINDS:
        raise NotAccepted(f"{text!r} is no product that is known", f"Accepted: {', '.join(_TARGET_KINDS)}")


def _answer(option: str, given: str | None, question: str, default: str, check: Check) -> str:
    """The answer that an option gives; else what the admin types; else, without a terminal, the default."""
    if given is None and not sys.stdin.isatty():
        return default
    if given is None:
        shown = bool(default)
        typed = typer.prompt(question, default=default, show_default=shown, err=True, value_proc=partial(_typed, check))
        return str(typed)
    try:
        check(given)
    except (NotAccepted, SecretError) as error:
        raise CommandFailed(f"{option}: {error.message}. {error.remedy}", USAGE) from None
    return given


def _typed(check: Check, text: str) -> str:
    """An answer at the prompt, which asks again where this raises."""
    try:
        check(text)
    except (NotAccepted, SecretError) as error:
        raise typer.BadParameter(f"{error.message}. {error.remedy}") from None
    return text


def _own_url(address: str, given: str | None) -> str:
    """The listener's URL as this machine reaches it, to start from."""
    host, port = formats.listen_address(address)
    if port == 0 and given is None:
        raise CommandFailed("--bind takes any free port, so its URL cannot be foreseen: give --public-url too", USAGE)
    reachable = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def _kind(text: str) -> None:
    if text not in _KINDS:
        raise NotAccepted(f"{text!r} is no kind of provider that is known", f"Accepted: {', '.join(_KINDS)}")


def _optional_url(text: str) -> None:
    if text:
        formats.base_url(text)


def _reference(text: str) -> None:
    if SecretReference.parse(text, Path()).scheme == "plain":
        raise NotAccepted("this names no place where the credential lies", f"Write {ACCEPTED}")


def _say_next_steps(settings: Settings, is_usual: bool) -> None:
    named = "" if is_usual else f" --config {shlex.quote(str(settings.path))}"
    provider = settings.providers[0].name
    first = _variable(settings)
    say(f"Written: {settings.path}")
    say()
    say("Next:")
    say_all(
        (
            f"  1. Issue the token of {provider}, which is shown once:",
            f"       manciple token issue {provider}{named}",
            f"  2. {first}Start the engine:",
            f"       manciple serve{named}",
            "  3. Enter at the identity provider:",
            f"       tenant or base URL   {settings.listener.scim_base_url(provider)}",
            "       secret token         what step 1 printed",
        )
    )
    say()
    say(f"`manciple check{named}` tries all of it, and says what to do where something fails.")


def _variable(settings: Settings) -> str:
    """The reminder of a variable that the engine needs."""
    variables = [target.credential.place for target in settings.targets if target.credential.scheme == "env"]
    return f"Set {variables[0]} in its environment. " if variables else ""
