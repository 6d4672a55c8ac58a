"""Bitbucket's error document: a list of errors, each with the Java exception behind it."""

from core.sandbox.answers import Instead, Json

_PACKAGE = "com.atlassian.bitbucket"
NOT_PERMITTED = "You are not permitted to access this resource"


class Refusal(Instead):
    """An error in Bitbucket's words: `exception` below `com.atlassian.bitbucket`, `field` what it is about."""

    def __init__(self, status: int, message: str, exception: str, field: str | None = None) -> None:
        error = {"context": field, "message": message, "exceptionName": f"{_PACKAGE}.{exception}"}
        super().__init__(Json({"errors": [error]}, status), message)


def not_permitted(message: str = NOT_PERMITTED) -> Refusal:
    """What somebody gets who is known and may not: 401, not 403."""
    return Refusal(401, message, "AuthorisationException")


def invalid(message: str, field: str | None = None) -> Refusal:
    """A value that is refused."""
    return Refusal(400, message, "validation.ArgumentValidationException", field)


def forbidden(message: str) -> Refusal:
    """What even an administrator may not."""
    return Refusal(403, message, "AuthorisationException")


def no_such_user(name: str) -> Refusal:
    """There is no user of that name."""
    return Refusal(404, f"{name} does not exist.", "user.NoSuchUserException")


def no_such_group(name: str) -> Refusal:
    """There is no group of that name."""
    return Refusal(404, f"The group {name} does not exist.", "user.NoSuchGroupException")


def clash(message: str, field: str | None = None) -> Refusal:
    """What is there already, or must stay."""
    return Refusal(409, message, "IntegrityException", field)
