"""What the documentation of Confluence leaves open, as settings whose defaults are the best reading of it.

A client must work with every combination. Where a fact is documented, there is no setting for it.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Quirks:
    """The habits of one simulated Confluence."""

    bad_token_is_anonymous: bool = True
    """A wrong or expired personal access token does not give 401; the request runs as anonymous (CONFSERVER-98199)."""
    anonymous_browses_users: bool = True
    """Anonymous visitors may see users and groups, where anonymous access is on."""
    unauthenticated: Literal["json", "html", "redirect"] = "json"
    """Who is not let in gets a JSON 401, a login filter's HTML 401, or a 302 to the login page."""
    tells_user: bool = True
    """`X-AUSERNAME` names the user on every answer, `anonymous` where it is nobody."""

    group_writes_since: str = "8.0"
    """When groups and memberships became writable over REST: documented in 8.x, first version uncertain."""
    server_information_since: str = "8.4"
    """When `GET /server-information` appeared; before, only the application-links manifest tells the version."""
    update_since: str = "9.3"
    """When `PUT /admin/user/{username}` appeared: absent in 9.2, documented in 9.4."""
    active_list_path: str = "/rest/api/admin/users/list/active"
    """Where the licensed users are listed; the issue that announced it writes `/rest/api/user/list/active`."""
    absent_endpoint: Literal["json", "html"] = "json"
    """A path that this version lacks answers 404 with `null for uri` in JSON, or with an HTML page."""

    update_status: Literal[200, 204] = 204
    """What a successful update of a user answers."""
    read_only_mode_status: Literal[403, 405] = 405
    """What writes answer while the site is in read-only mode."""
    read_only_directory_status: Literal[400, 403] = 400
    """What a change answers that would have to happen in a directory which Confluence may not write."""
    status_shape: Literal["object", "string"] = "object"
    """`expand=status` gives `{"status": {"status": "CURRENT"}}` or `{"status": "current"}`."""
    page_cap: int = 200
    """The largest page, whatever `limit` asks for."""
    active_list_lags: bool = False
    """The list of licensed users comes from the search index as last built (`Confluence.reindex`)."""

    name_max: int = 255
    """The longest user and group names."""
    duplicate_emails: bool = True
    """Several users may have the same e-mail address."""
    lower_group_names: bool = False
    """Group names are stored in lower case, as the web interface stores them."""
    encoded_slashes: bool = False
    """Tomcat lets `%2F` and `%5C` in paths through, instead of answering 400."""
    aggregate_memberships: bool = False
    """Memberships of a username in several directories add up, instead of those of the first directory counting."""

    longtask_polls: int = 2
    """After how many polls a long task is done."""
    longtask_seconds: float = 30.0
    """After how many seconds a long task is done, polled or not."""
    longtask_reads: int = 3
    """How often a finished long task can be read before it vanishes."""

    reactivation_without_seats: Literal["allow", "refuse"] = "allow"
    """Activating a user who needs a seat, when there is none."""
    unlimited_seats: int = -1
    """How the licence endpoints write that there is no limit."""
    remote_api_off: Literal["403", "html"] = "403"
    """How JSON-RPC answers while it is switched off."""
    deactivating_twice_fails: bool = True
    """JSON-RPC `deactivateUser` on a deactivated user is an error, unlike REST."""
