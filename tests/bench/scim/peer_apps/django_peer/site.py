"""The site: `PEER_DB=PATH gunicorn django_peer.site:application`, or as a program to make the tables."""

import os
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path


def user_of(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware that gives every request a user, as django-scim2 wants it."""

    def middleware(request: Any) -> Any:
        request.user = None
        return get_response(request)

    return middleware


DATABASE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": os.environ["PEER_DB"],
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    },
}
SERVICE = {
    "NETLOC": "localhost",
    "SCHEME": "http",
    "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken", "name": "none", "description": "none"}],
    "USER_MODEL_GETTER": "django_peer.models.user_model",
    "USER_ADAPTER": "django_peer.adapters.Adapter",
    "GROUP_MODEL": "django_peer.models.Group",
    "USER_FILTER_PARSER": "django_peer.filters.Query",
    "GET_IS_AUTHENTICATED_PREDICATE": "django_peer.adapters.anyone",
}
settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django_scim", "django_peer"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", f"{__name__}.user_of"],
    DATABASES={"default": DATABASE},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    SCIM_SERVICE_PROVIDER=SERVICE,
    USE_TZ=True,
)
django.setup()
urlpatterns = [path("v2/", include("django_scim.urls", namespace="scim"))]
application = get_wsgi_application()

if __name__ == "__main__":
    call_command("migrate", run_syncdb=True, verbosity=0)
