"""How a provider may authenticate, as ServiceProviderConfig announces it (RFC 7643 §5)."""

import orjson
from scim2_models import AuthenticationScheme, External, Reference

from core.scim.answers import Answer
from core.scim.served import Served

ALWAYS = (
    AuthenticationScheme(
        type=AuthenticationScheme.Type.oauthbearertoken,
        name="Bearer token",
        description="The token that `manciple token issue` showed for this provider",
        spec_uri=Reference[External]("https://www.rfc-editor.org/info/rfc6750"),
        primary=True,
    ),
    AuthenticationScheme(
        type=AuthenticationScheme.Type.oauth2,
        name="OAuth 2.0 client credentials",
        description="An access token for the client that `manciple token issue --oauth` showed for this provider",
        spec_uri=Reference[External]("https://www.rfc-editor.org/info/rfc6749"),
    ),
)
"""What each provider may use."""
_BASIC = {
    "type": "httpbasic",
    "name": "HTTP Basic",
    "description": "The provider's name as the user name, a token of `manciple token issue` as the password",
    "specUri": "https://www.rfc-editor.org/info/rfc7617",
}


def announced(answer: Answer, provider: Served) -> Answer:
    """The ServiceProviderConfig with HTTP Basic among its schemes where this provider may use it."""
    if answer.status != 200 or not provider.basic:
        return answer
    document = orjson.loads(answer.body)
    document["authenticationSchemes"].append(_BASIC)
    return answer._replace(body=orjson.dumps(document))
