"""What it means that Bitbucket does not let a credential pass, with the way round.

A 401 stands for two things: a credential that is not accepted, and one that is and may not do this
(`AuthorisationException`). An HTTP access token never administers, whoever made it (BSERV-10482).
"""

from core.targets.protocol import CredentialFailed, TargetError

MAY_NOT = "AuthorisationException"
"""The exception behind a 401 of somebody whom Bitbucket knows, or of nobody."""
_REMEDY = (
    "Give the target the username and password of an account that has the global permission Admin, or as its "
    "credential an OAuth 2.0 access token of an incoming application link with the scope ADMIN_WRITE."
)


def no_administrator(error: TargetError) -> CredentialFailed:
    """The exception for a credential that may not administer."""
    return CredentialFailed(
        "The credential may not administer Bitbucket; an HTTP access token never can, not even an administrator's.",
        remedy=_REMEDY,
        status=error.status,
        code=error.code,
    )


def unknown() -> CredentialFailed:
    """The exception for requests that Bitbucket serves as anonymous."""
    return CredentialFailed(
        "Bitbucket does not know who asks: the credential is wrong, expired or revoked.",
        remedy="Correct it, or make a new one; the account behind it must have a seat of the licence.",
        status=401,
    )


def explained(error: CredentialFailed) -> CredentialFailed:
    """What a refusal of a read means, in Bitbucket's terms."""
    said = error.message.lower()
    if "captcha" in said or "captcha" in error.code.lower():
        remedy = "The account is locked: log in once in a browser and solve the CAPTCHA."
    elif "basic authentication has been disabled" in said:
        remedy = (
            "From Bitbucket 10.4 on, user name and password are switched off by default: allow them under "
            "Administration, Authentication methods, or give an OAuth 2.0 access token of an incoming application link."
        )
    elif error.code == MAY_NOT:
        return no_administrator(error)
    elif error.status == 401:
        remedy = (
            "Correct the target's username and credential. They must be of an account that has a seat of the licence."
        )
    else:
        return error
    return CredentialFailed(error.message, remedy=remedy, status=error.status, code=error.code)
