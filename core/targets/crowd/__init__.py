"""Crowd Data Center as a target, over its usermanagement REST API, which Jira serves to other products too."""

from core.targets.crowd.target import Crowd

__all__ = ["Crowd"]
