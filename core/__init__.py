"""The engine of manciple: receives identities, plans, and provisions; knows nothing of the console."""

__version__ = "0.1.0"
