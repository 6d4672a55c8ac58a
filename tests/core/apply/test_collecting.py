import gc

import pytest

from core.apply.collecting import let_go, no_full_collection


def test_full_collections_are_put_off_inside_and_come_back_afterwards() -> None:
    before = gc.get_threshold()
    with no_full_collection():
        with no_full_collection():
            assert gc.get_threshold()[2] > 1_000_000
        assert gc.get_threshold()[2] > 1_000_000
    assert gc.get_threshold() == before


def test_they_come_back_after_an_error_too() -> None:
    before = gc.get_threshold()
    with pytest.raises(MemoryError), no_full_collection():
        raise MemoryError
    assert gc.get_threshold() == before


def test_letting_go_empties_the_list() -> None:
    objects = [object() for _ in range(2_500)]
    let_go(objects)
    assert objects == []
