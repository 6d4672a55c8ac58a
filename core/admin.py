"""Who gives an order or changes something: the name that orders, plans and the audit trail keep of an admin."""

import os
import pwd
import socket


def admin() -> str:
    """`user@host`, as the system knows them: environment variables could say anything."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run as a number that has no name
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"
