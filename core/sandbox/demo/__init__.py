"""The demonstration: a simulated Entra ID pushes, an engine provisions a simulated Confluence, and both are compared.

Engine and console are the real ones, run as an admin would run them; only the two ends are simulated. Everything lies
in a temporary folder that is deleted at the end.
"""

from core.sandbox.demo.running import run

__all__ = ["run"]
