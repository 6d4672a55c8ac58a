"""Sending a logged request again from the console: to a sandbox, with its row in the audit trail."""

from pathlib import Path

from core.admin import admin
from core.credentials import SecretError, SecretReference
from core.exchange import Exchange
from core.store import Store, StoreError, audit
from tui.frame import Level
from tui.request_rows import milliseconds


async def send_again(store: Store, number: int, exchange: Exchange, url: str, token: str) -> tuple[str, Level]:
    """Send it to a base URL that may be sent to; returns what to say of it. `token` is where one lies, or empty."""
    # Imported here: the HTTP library takes long to import, and few consoles send anything.
    from core.replay import NoReplay, ReplayRefused, replay

    try:
        secret = SecretReference.parse(token, Path.cwd()).resolve() if token else None
        came = await replay(number, exchange, url, secret)
    except (ReplayRefused, NoReplay, SecretError) as error:
        return f"not replayed: {error}", "bad"
    text = f"{exchange.method} {came.url}: {came.status} in {milliseconds(came.duration)} ms"
    lacking = f"; not sent as it came: {came.lacking}" if came.lacking else ""
    try:
        detail = f"to {came.url}: {came.status}"
        await store.writer.write(lambda tx: audit.note(tx, admin(), "replay", f"exchange {number}", detail))
    except StoreError as error:
        return f"{text}{lacking}; its audit row could not be written: {error}", "bad"
    return f"replayed {number}: {text}{lacking}", "good" if came.status < 400 else "warning"
