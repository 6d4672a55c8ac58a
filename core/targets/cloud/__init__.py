"""A directory of Atlassian Cloud as a target, over its user provisioning API (SCIM 2.0)."""

from core.targets.cloud.refusals import UnverifiedDomain
from core.targets.cloud.target import Cloud

__all__ = ["Cloud", "UnverifiedDomain"]
