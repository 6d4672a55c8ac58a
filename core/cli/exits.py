"""How commands end: the exit codes that scripts rely on (design, section 5), and the error that carries one."""

DONE = 0
FAILED = 1
"""Anything that has no code of its own."""
USAGE = 2
"""The command line, the configuration, or a file named in either is not as it should be."""
NEEDS_ADMIN = 3
"""A conflict, a brake, or a plan waits for an admin; or part of a plan no longer fits."""
UNREACHABLE = 4
"""A provider or target does not answer, or does not accept the credential."""
INTERRUPTED = 130
PIPE_CLOSED = 141
"""The reader of the output has left, as `head` does: what shells report of a program that SIGPIPE ended."""


class CommandFailed(Exception):
    """A command that cannot do what was asked. The message says what is the matter and what to do next."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
