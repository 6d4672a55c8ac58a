"""Bitbucket Data Center as a target, over its REST API (`/rest/api/latest`)."""

from core.targets.bitbucket.target import Bitbucket

__all__ = ["Bitbucket"]
