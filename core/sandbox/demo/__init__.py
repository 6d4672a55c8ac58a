"""The demonstration: a simulated Entra ID pushes, or Graph is pulled; an engine provisions simulated products; and all
sides are compared.

Engine and console are the real ones, run as an admin would run them; only the two ends are simulated. Everything lies
in a temporary folder that is deleted at the end.
"""

from core.sandbox.demo.running import run
from core.sandbox.demo.workplace import Method

__all__ = ["Method", "run"]
