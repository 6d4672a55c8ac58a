"""Numbers with their noun."""


def counted(number: int, noun: str) -> str:
    """`1 account`, `1,204 accounts`: for nouns whose plural ends in s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
