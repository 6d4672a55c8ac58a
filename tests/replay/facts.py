"""Compares an answer with the facts that a conversation states about it."""

from typing import Any


def assert_has(found: Any, wanted: Any, where: str) -> None:
    """An object has the wanted members (`None`: it is missing), a list the wanted elements alone, in any order."""
    if isinstance(wanted, dict):
        assert isinstance(found, dict), f"{where}: {found!r} is no object"
        for key, value in wanted.items():
            if value is None:
                assert found.get(key) is None, f"{where}: there is {key}: {found[key]!r}"
            else:
                assert key in found, f"{where}: there is no {key}, but {sorted(found)}"
                assert_has(found[key], value, f"{where} {key}")
    elif isinstance(wanted, list):
        assert isinstance(found, list), f"{where}: {found!r} is no list"
        assert len(found) == len(wanted), f"{where}: {found!r}"
        left = list(found)
        for element in wanted:
            match = next((index for index, each in enumerate(left) if _is(each, element)), None)
            assert match is not None, f"{where}: no {element!r} in {found!r}"
            left.pop(match)
    else:
        assert found == wanted and type(found) is type(wanted), f"{where}: {found!r} instead of {wanted!r}"  # noqa: PT018


def _is(found: Any, wanted: Any) -> bool:
    try:
        assert_has(found, wanted, "")
    except AssertionError:
        return False
    return True
