"""How much memory a process took at most, as the kernel counts it (Linux)."""

import re
from pathlib import Path


def peak_mib() -> float:
    """The most memory since `forget_peak`, or since the process began, in MiB."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def forget_peak() -> None:
    """Count from the present on."""
    Path("/proc/self/clear_refs").write_text("5")
