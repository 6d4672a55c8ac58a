"""What an administrator can change while the simulated Jira runs."""

from dataclasses import dataclass
from typing import Literal

from core.sandbox.jira.application_roles import SOFTWARE, ApplicationRole


@dataclass(frozen=True, slots=True)
class Settings:
    """The part of Jira's configuration that provisioning meets. Group names are compared without case."""

    applications: tuple[ApplicationRole, ...] = (SOFTWARE,)
    """The licensed applications, and who has access to them."""
    base_url: str | None = None
    """The configured base URL, which all links carry; None takes what the client called."""
    external_user_management: bool = False
    """Users and groups are managed elsewhere: nothing of them can be changed here."""
    emails: Literal["show", "hide", "mask"] = "show"
    """User email visibility."""
    unassigned_issues: bool = True
    """Issues may have no assignee."""
    captcha_after: int | None = 3
    """Failed logins in a row after which a user must solve a CAPTCHA; None is never."""
    administrator_groups: frozenset[str] = frozenset()
    """Groups with the global permission "Administer Jira"."""
    system_administrator_groups: frozenset[str] = frozenset({"jira-administrators"})
    """Groups with the global permission "System Administrator", which includes the other."""
