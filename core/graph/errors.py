"""Why a pull cannot go on, in words an admin can act upon."""


class GraphError(Exception):
    """A pull that cannot go on: `message` says what happened, `remedy` what to do next. As text it is both."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".rstrip())
        self.message = message
        self.remedy = remedy


class SignInFailed(GraphError):
    """No access token is to be had, or Graph does not take it."""


class PermissionMissing(GraphError):
    """Graph does not let the app read something; the remedy has the way to the button that grants it."""


class Unreachable(GraphError):
    """Graph does not answer, or not in time, though it was asked again."""


class NotThere(GraphError):
    """There is no object of that id (404). One such answer proves nothing: replicas lag."""


class DeltaExpired(GraphError):
    """The link of a feed is too old (410 Gone, or 400 `syncStateNotFound`): the feed is to be read from the start."""


class PullRunning(GraphError):
    """Another pull of the same provider is under way."""

    def __init__(self, provider: str) -> None:
        super().__init__(f"A pull of {provider} is under way already.", "Wait for its end.")
