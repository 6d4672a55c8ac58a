"""What stands before the REST resources of a Data Center product: the servlet container and the XSRF filter."""

from urllib.parse import urlsplit

from starlette.requests import Request

from core.sandbox.answers import page, xsrf_failed

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def path_below_context(raw_path: str, context: str, *, encoded_slashes: bool) -> str:
    """What Tomcat makes of a path, still percent-encoded. Many proxies let encoded slashes pass, Tomcat does not.

    :raises Instead: 400 for an encoded slash, 404 for what is not below the context path.
    """
    encoded = raw_path.lower()
    if ("%2f" in encoded or "%5c" in encoded) and not encoded_slashes:
        raise page(400, "HTTP Status 400 – Bad Request")
    path = raw_path
    if path == context:
        return "/"
    while "//" in path:
        path = path.replace("//", "/")
    if not path.startswith(f"{context}/"):
        raise page(404, "HTTP Status 404 – Not Found")
    return path[len(context) :].rstrip("/") or "/"


def check_xsrf(request: Request) -> None:
    """Refuse what looks like a browser, or a form without the header that says it is none.

    :raises Instead: 403 in plain text.
    """
    if request.method not in ("POST", "PUT", "DELETE"):
        return
    headers = request.headers
    foreign = any(_is_foreign(headers.get(name, ""), request) for name in ("origin", "referer"))
    if "Mozilla" in headers.get("user-agent", "") or foreign:
        raise xsrf_failed()
    is_form = headers.get("content-type", "").startswith(_FORMS)
    if is_form and headers.get("x-atlassian-token", "") not in ("no-check", "nocheck"):
        raise xsrf_failed()


def _is_foreign(origin: str, request: Request) -> bool:
    return bool(origin) and urlsplit(origin).netloc != request.headers.get("host", "")
