"""What an organization's administrator, or Atlassian, has set for the simulated directory."""

from dataclasses import dataclass

DEFAULT_GROUPS = frozenset({"confluence-users-acme", "jira-software-users-acme", "jira-servicemanagement-users-acme"})
"""Groups that give access to the products of the site `acme` by default."""
BUILT_IN_GROUPS = frozenset({"site-admins", "org-admins", "administrators", "system-administrators", "trusted-users"})
"""Groups that Atlassian has made."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The part of the organization that provisioning meets. Names and domains are compared without case."""

    verified_domains: frozenset[str] | None = frozenset({"example.com"})
    """Domains of mail addresses that are taken; `None`: all."""
    default_groups: frozenset[str] = DEFAULT_GROUPS
    """Default access groups: creating one of these names answers as if it were done, and is not synced."""
    built_in_groups: frozenset[str] = BUILT_IN_GROUPS
    """Likewise."""
    site_groups: frozenset[str] = frozenset()
    """Other groups of the organization that do not come from this directory."""
    max_users: int = 150_000
    """Users in a directory."""
    max_groups: int | None = None
    """Groups in a directory; `None`: no limit is documented."""
    max_members: int = 35_000
    """Members of a group that are synced."""
