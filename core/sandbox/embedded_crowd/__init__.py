"""Embedded Crowd, the part of Confluence, Jira and Bitbucket that sees several user directories as one."""

from core.sandbox.embedded_crowd.content import Account, Directory, DirectoryContent, name_key
from core.sandbox.embedded_crowd.directories import EmbeddedCrowd
from core.sandbox.embedded_crowd.listing import Listings
from core.sandbox.embedded_crowd.user_keys import UserKeys, numbered_keys, random_keys

__all__ = [
    "Account",
    "Directory",
    "DirectoryContent",
    "EmbeddedCrowd",
    "Listings",
    "UserKeys",
    "name_key",
    "numbered_keys",
    "random_keys",
]
