"""The forms that a text in the configuration can have: durations, names, URLs, addresses.

Each function takes the text and gives its value, or raises `ValueError` with what is wrong and what is accepted, as
two sentences of a problem: message and remedy. None of them looks at a disk or a network.
"""

import re
from datetime import date
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.config.problems import quoted
from core.config.settings import IpNetwork

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_DURATION = 10 * 365 * 86400
_ATTRIBUTE = re.compile(r"[A-Za-z][\w$-]*(\.[\w$-]+)*", re.ASCII)
_STANDARD_ATTRIBUTES = {
    path.lower(): path
    for path in (
        *("userName", "externalId", "displayName", "nickName", "title", "userType", "preferredLanguage", "locale"),
        *("name.formatted", "name.givenName", "name.familyName", "name.middleName", "emails.work", "emails.home"),
        *("enterprise.employeeNumber", "enterprise.costCenter", "enterprise.organization", "enterprise.division"),
        *("enterprise.department",),
    )
}
"""RFC 7643 section 4.1 and 4.3, by their lower-case form."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class NotAccepted(ValueError):
    """A text that has not the form it should have: what is wrong with it, and what to write."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def duration(text: str) -> int:
    """`90s`, `5m`, `1h`, `30d` in seconds."""
    number, unit = text[:-1], text[-1:]
    if not (number.isascii() and number.isdigit() and len(number) < 10 and unit in _SECONDS):
        raise NotAccepted(f"{quoted(text)} is not a duration", 'Write a number and s, m, h or d, like "5m" or "1h"')
    seconds = int(number) * _SECONDS[unit]
    if seconds > _LONGEST_DURATION:
        raise NotAccepted(f"{quoted(text)} is longer than ten years", 'Write a shorter one, like "30d"')
    return seconds


def interval(text: str) -> int | None:
    """A duration between two beginnings, so not zero; `never` is `None`."""
    if text == "never":
        return None
    seconds = duration(text)
    if seconds == 0:
        raise NotAccepted("there must be time between two synchronisations", 'Write "1h", or "never"')
    return seconds


def day(text: str) -> date:
    """A day as `2027-01-31`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotAccepted(f"{quoted(text)} is not a day", 'Write year, month and day, like "2027-01-31"') from None


def name(text: str) -> str:
    """The name of a provider or target: it stands in URLs and commands."""
    if not _NAME.fullmatch(text):
        raise NotAccepted(
            f"{quoted(text)} cannot be a name",
            "Use small letters, digits and hyphens, at most 32, the first no hyphen",
        )
    return text


def listen_address(text: str) -> tuple[str, int]:
    """`127.0.0.1:8440`, `[::1]:8440`, `localhost:8440` as host and port."""
    refusal = NotAccepted(
        f"{quoted(text)} is not an address to listen on", 'Write HOST:PORT, like "127.0.0.1:8440" or "[::1]:8440"'
    )
    try:
        parts = urlsplit(f"//{text}")
        port = parts.port
    except ValueError:
        raise refusal from None
    if parts.hostname is None or port is None or parts.netloc != text or parts.username is not None:
        raise refusal
    return parts.hostname, port


def network(text: str) -> IpNetwork:
    """`10.0.0.0/8`, `2001:db8::/32`, or one address."""
    try:
        return ip_network(text)
    except ValueError:
        pass
    try:
        whole = ip_network(text, strict=False)
    except ValueError:
        raise NotAccepted(
            f"{quoted(text)} is not an IP network", 'Write one like "10.0.0.0/8" or "2001:db8::/32"'
        ) from None
    raise NotAccepted(f"{quoted(text)} has bits beyond its prefix", f'Write "{whole}"')


def request_filter(text: str) -> str:
    """A filter of the log of requests."""
    # Imported here: the language knows the tables that it searches, which nothing else of a configuration needs.
    from core.filtering import FilterError, parse

    try:
        parse(text, now=0)
    except FilterError as error:
        raise NotAccepted(str(error), "Try it with `manciple requests`") from None
    return text


def origin(text: str) -> str:
    """An http(s) URL of scheme, host and port alone, without a slash at the end."""
    parts = _http(text)
    if parts.path.strip("/"):
        raise NotAccepted(f"{quoted(text)} has a path", f'Write "{parts.scheme}://{parts.netloc}"')
    return f"{parts.scheme}://{parts.netloc}"


def base_url(text: str) -> str:
    """An http(s) URL, with a context path where the product has one, without a slash at the end."""
    parts = _http(text)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _http(text: str) -> SplitResult:
    refusal = NotAccepted(f"{quoted(_without_userinfo(text))} is not an http or https URL", 'Write "https://host"')
    try:
        parts = urlsplit(text)
        port_is_wrong = parts.port == 0
    except ValueError:
        raise refusal from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port_is_wrong or " " in text:
        raise refusal
    if "@" in parts.netloc:
        raise NotAccepted("the URL carries a user name or password", "Leave it out of the URL")
    if "?" in text or "#" in text:
        raise NotAccepted("the URL has a query or fragment", "Leave out what follows ? or #")
    return parts


def _without_userinfo(text: str) -> str:
    """The text as it may be shown: a password before an @ is cut off with what precedes it."""
    return text.rpartition("@")[2]


def attribute(text: str) -> str:
    """The path of a user's attribute. A standard one in the wrong case is refused: it would just never have a value."""
    meant = _STANDARD_ATTRIBUTES.get(text.lower(), text)
    if meant != text:
        raise NotAccepted(f"there is no attribute {quoted(text)}", f'Did you mean "{meant}"?')
    if not _ATTRIBUTE.fullmatch(text):
        raise NotAccepted(f"{quoted(text)} is not the path of an attribute", 'Write one like "userName"')
    return text


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def store_url(text: str, folder: Path) -> str:
    """A SQLite URL with an absolute path (a relative one is taken from `folder`), or a PostgreSQL URL."""
    remedy = 'Write "sqlite:///manciple.db" or "postgresql+psycopg://user@host/database"'
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise NotAccepted("this is not the URL of a database", remedy) from None
    if url.drivername == "sqlite":
        return _sqlite(url, folder)
    if url.drivername != "postgresql+psycopg":
        raise NotAccepted(f"a database of kind {url.drivername!r} cannot be the store", remedy)
    if not url.database:
        raise NotAccepted("the URL names no database", remedy)
    return text


def _sqlite(url: URL, folder: Path) -> str:
    database = url.database
    if not database or database == ":memory:" or database.startswith("file:"):
        raise NotAccepted("engine and console meet in the store: it must be a file", 'Write "sqlite:///manciple.db"')
    if url.host or url.query:
        raise NotAccepted("a SQLite URL has only a path", 'Write "sqlite:///manciple.db"')
    return url.set(database=str(folder / database)).render_as_string(hide_password=False)


def password_in(url: str) -> bool:
    """Whether a store's URL carries a password."""
    return make_url(url).password is not None
