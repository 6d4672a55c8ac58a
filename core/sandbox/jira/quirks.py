"""What the documentation of Jira leaves open, as settings whose defaults are the best reading of it.

A client must work with every combination. Where a fact is documented, there is no setting for it.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Quirks:
    """The habits of one simulated Jira."""

    bad_token: Literal["401", "empty", "anonymous"] = "401"
    """A wrong or expired token gets 401, or 200 with an empty body and `X-Seraph-LoginReason` (JRA-41559), or the
    request runs as anonymous, as in Confluence."""
    unauthenticated: Literal["json", "html", "redirect"] = "json"
    """Who is not let in gets a JSON 401, a login filter's HTML 401, or a 302 to the login page."""
    encoded_slashes: bool = False
    """Tomcat lets an encoded slash in a path pass."""
    absent_endpoint: Literal["json", "html"] = "json"
    """A path that this version lacks answers 404 with `null for uri` in JSON, or with an HTML page."""

    user_list_since: str = "10.3"
    """When `GET /user/list` appeared: 11.0, and a 10.3 that the announcement does not name."""
    component_page_since: str = "10.0"
    """When `GET /component/page` appeared: in the references of 10 and 11, first version uncertain."""
    everything: frozenset[str] = frozenset({"."})
    """Queries of `user/search` that match everybody (JRASERVER-29069 names `.`, `%`, `_` and `""`)."""
    search_matches: Literal["prefix", "substring"] = "prefix"
    """What other queries match: beginnings of names, of their words, and of addresses, or any part of them."""
    search_pages_past_cap: bool = False
    """Before 10.0, `startAt` reaches past the first 1000: JRASERVER-65089 says no, JRASERVER-78660 that 9 did."""
    picker_cap: int | None = None
    """The largest answer of the group picker, whatever is asked."""

    upper_case_usernames: Literal["fold", "refuse"] = "fold"
    """Capital letters in a new username are made small, or refused as in older versions."""
    create_without_seats: Literal["refuse", "no-access"] = "refuse"
    """A user whose application has no seat left is not created, or created without access."""
    membership_without_seats: Literal["allow", "refuse"] = "allow"
    """Adding a user to a group that needs a seat, when there is none."""
    reactivation_without_seats: Literal["allow", "refuse"] = "allow"
    """Activating a user who needs a seat, when there is none."""
    remove_non_member_status: Literal[400, 404] = 400
    """What removing somebody from a group answers who is not in it."""
    edit_sysadmin_status: Literal[400, 403] = 400
    """What an administrator gets who edits a system administrator."""
    external_management_status: Literal[400, 403] = 400
    """What changes answer while external user management is switched on."""
    groups_include_parents: bool = True
    """The groups of a user include those that his groups are nested in."""
    aggregate_memberships: bool = False
    """Memberships of a name in several directories add up ("effective memberships")."""

    archived_lead_blocks: bool = True
    """The lead of an archived project cannot be deactivated either."""
    archived_project_editable: bool = False
    """An archived project can be given another lead."""
    update_resets_assignee_type: bool = False
    """An update of a component that does not name an assignee type sets it to the project's default."""
