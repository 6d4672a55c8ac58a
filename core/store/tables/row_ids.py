"""The type of row numbers that outgrow 32 bits."""

from sqlalchemy import BigInteger, Integer
from sqlalchemy.types import TypeDecorator


class BigRowId(TypeDecorator[int]):
    """A 64-bit row number; SQLite numbers rows only in a column of type INTEGER."""

    impl = BigInteger().with_variant(Integer, "sqlite")
    cache_ok = True
