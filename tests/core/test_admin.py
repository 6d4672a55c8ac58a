import os
import socket

import pytest

from core.admin import admin


def test_an_admin_is_named_by_the_system_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("USER", "LOGNAME", "SUDO_USER"):
        monkeypatch.setenv(variable, "mallory")
    name, _, host = admin().partition("@")
    assert name != "mallory"
    assert host == socket.gethostname()


def test_a_user_without_a_name_is_told_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4_294_000_001)
    assert admin().startswith("4294000001@")
