"""What the documentation of Crowd leaves open, as settings whose defaults are the best reading of it.

A client must work with every combination. Where a fact is documented, there is no setting for it.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Quirks:
    """The habits of one simulated Crowd."""

    host: Literal["crowd", "jira"] = "crowd"
    """Crowd itself, or a Jira that serves the same REST API to other products ("Jira user server")."""
    encoded_slashes: bool = False
    """Tomcat lets an encoded slash in a path pass."""
    absent_endpoint: Literal["json", "html"] = "json"
    """A path that this version lacks answers 404 with `null for uri` in JSON, or with an HTML page."""
    unauthenticated: Literal["html", "redirect"] = "html"
    """A wrong password gets 401 with a page, or a single sign-on before Crowd sends everybody to its login page."""
    largest_page: int | None = None
    """The most that a listing gives, whatever `max-results` asks for."""
    default_page: int = 1000
    """What a listing gives when `max-results` is not told."""
    shows_keys: bool = True
    """Users are shown with their key (2.7 and later)."""
    create_answers_user: bool = True
    """Creating a user answers the user; older versions give no body."""
    attributes_at_creation: bool = True
    """Attributes in the body of a new user are kept."""
    permission_before_existence: bool = False
    """Whether an application may do something is looked at before whether the user or group is there."""
    permission_before_values: bool = True
    """Whether an application may create something is looked at before its name is."""
    membership_exists_status: Literal[400, 409] = 409
    """What adding a member again answers; the reason is the same."""
    rename_clash: Literal["500", "400"] = "400"
    """Renaming to a name that is taken: OPERATION_FAILED before CWD-4819 was mended, INVALID_USER since."""
    groups_of_nobody: Literal["404", "empty"] = "404"
    """The groups of a user who is not there: an error, or an empty list (CWD-4433, CWD-4470)."""
    refuses_blank_email: bool = False
    """Newer versions answer INVALID_EMAIL to a user without an e-mail address."""
    password_pattern: str = ""
    """The directory's regular expression for passwords; empty: any will do."""
    left_out_active: bool = False
    """What a user becomes when `active` is left out of an update."""
