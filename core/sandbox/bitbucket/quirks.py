"""What the documentation of Bitbucket leaves open, as settings whose defaults are the best reading of it.

A client must work with every combination. Where a fact is documented, there is no setting for it.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Quirks:
    """The habits of one simulated Bitbucket."""

    bad_credential: Literal["401", "anonymous"] = "401"
    """A wrong or expired credential gets 401, or the request runs as anonymous."""
    unauthenticated: Literal["json", "html", "redirect"] = "json"
    """Who is not let in gets a JSON 401, a login filter's HTML 401, or a 302 to the login page."""
    basic_off_status: Literal[401, 403] = 403
    """What user name and password get while they are switched off."""
    captcha_status: Literal[401, 403] = 401
    """What somebody gets who must solve a CAPTCHA."""
    tells_user: Literal["plain", "encoded", "not"] = "plain"
    """`X-AUSERNAME` names the user on every answer, perhaps percent-encoded."""
    whoami: bool = True
    """`/plugins/servlet/applinks/whoami` names the user."""
    encoded_slashes: bool = False
    """Tomcat lets an encoded slash in a path pass."""
    absent_endpoint: Literal["json", "html"] = "json"
    """A path that this version lacks answers 404 with `null for uri` in JSON, or with an HTML page."""

    largest_page: int = 1000
    """The most that one page has, whatever is asked (`page.max.*`)."""
    sparse_pages: int = 0
    """So many items at the end of each page are moved to none: the page is shorter than its limit and
    `nextPageStart` is behind the gap, as where a filter leaves items out. 0 is none."""
    light_list_filters: bool = True
    """`GET /users` heeds `permission`, and counts what a user has through groups."""
    members_of_nobody: Literal["404", "empty"] = "404"
    """How the members of a group that does not exist are answered, and the groups of such a user."""

    group_created_status: Literal[200, 201] = 200
    rename_clash_status: Literal[400, 409] = 409
    """What renaming a user to a name answers that another has."""
    add_member_again_status: Literal[200, 409] = 200
    """What adding a member again answers."""
    remove_non_member_status: Literal[200, 404] = 404
    """What removing somebody from a group answers who is not in it."""
    bulk_is_atomic: bool = True
    """Adding several with one that does not exist adds none of them."""
    aggregate_memberships: bool = False
    """Memberships of a name in several directories add up ("effective memberships")."""
