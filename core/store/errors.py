"""What can go wrong with the store itself. Each message says what happened and what to do next."""


class StoreError(Exception):
    """The store could not do what was asked; nothing of it was kept."""


class StoreBusy(StoreError):
    """Another process held the write lock for longer than the time-out."""


class StoreFull(StoreError):
    """No room for the write."""


class StoreUnreadable(StoreError):
    """The file is missing, not a database, damaged, or not permitted."""


class StoreNewer(StoreError):
    """A newer manciple wrote this store; this one must not touch it."""


class EngineRunning(StoreError):
    """An engine already works on this store."""
