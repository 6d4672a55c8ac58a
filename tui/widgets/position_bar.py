"""Where in a long list its visible part lies, as lines of a bar beside it."""


def thumb(height: int, first: int, last: int, tail: int, head: int) -> range:
    """The lines of a bar of `height` that stand for the rows from `first` to `last` of a list from `tail` to `head`.

    At least one line, and the last row's at the end; none where all rows are visible.
    """
    if first <= tail and last >= head:
        return range(0)
    span = max(1, head - tail + 1)
    start = min(height - 1, max(0, first - tail) * height // span)
    end = min(height, -(-(last - tail + 1) * height // span))
    return range(start, max(end, start + 1))
