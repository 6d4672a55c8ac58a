"""Which products can be targets. Adding one is a file (or folder) beside this one, and a line in `KINDS`."""

from collections.abc import Callable, Mapping

from core.config.settings import TargetSettings
from core.exchange import Log
from core.redaction import Bodies
from core.targets.auth import BasicAuth, BearerAuth
from core.targets.bitbucket import Bitbucket
from core.targets.confluence import Confluence
from core.targets.crowd import Crowd
from core.targets.http import Http, Limits
from core.targets.jira import Jira
from core.targets.protocol import Target


def _cloud(http: Http, settings: TargetSettings) -> Target:
    # Imported here: the SCIM models are large, and needed by no other product.
    from core.targets.cloud import Cloud

    return Cloud(http, expires=settings.credential_expires)


KINDS: Mapping[str, Callable[[Http, TargetSettings], Target]] = {
    "bitbucket": lambda http, settings: Bitbucket(http, directory=settings.directory),
    "cloud": _cloud,
    "confluence": lambda http, settings: Confluence(http, directory=settings.directory),
    "crowd": lambda http, settings: Crowd(http, attributes=settings.rules.users.attributes),
    "jira": lambda http, settings: Jira(http, directory=settings.directory, applications=settings.applications),
}


def open_target(settings: TargetSettings, *, log: Log, bodies: Bodies) -> Target:
    """The target that `[[target]]` describes. Nothing is sent yet; close it with `aclose`.

    :raises SecretError: when the credential cannot be had.
    :raises Unavailable: when the `ca_file` cannot be used.
    """
    secret = settings.credential.resolve()
    http = Http(
        settings.url,
        party=settings.name,
        auth=BasicAuth(settings.username, secret) if settings.username is not None else BearerAuth(secret),
        log=log,
        bodies=bodies,
        limits=Limits(in_flight=settings.in_flight),
        ca_file=settings.ca_file,
    )
    return KINDS[settings.kind](http, settings)
