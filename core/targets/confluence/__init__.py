"""Confluence Data Center as a target, over its REST API (`/rest/api`)."""

from core.targets.confluence.target import Confluence

__all__ = ["Confluence"]
