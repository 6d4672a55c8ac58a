"""Jira Data Center as a target, over its REST API (`/rest/api/2`)."""

from core.targets.jira.target import Jira

__all__ = ["Jira"]
