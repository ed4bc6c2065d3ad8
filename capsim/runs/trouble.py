"""What is said when something cannot be written: one message for a full disk, whoever meets it and however."""

from __future__ import annotations

import errno
from pathlib import Path

from capsim.errors import OutputError

__all__ = ["NOTHING_WRITTEN", "DiskFullError", "is_full", "reason_of", "write_error"]

NOTHING_WRITTEN = "nothing was written. Make room and run the same command again"
"""What is safe where a folder appears whole or not at all."""

_NUMBERS = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_WORDS = ("no space left", "not enough space on the disk", "quota exceeded")
"""What libraries say that hide the number."""


class DiskFullError(OutputError):
    """There is no room; nothing was left half written."""


def is_full(error: BaseException) -> bool:
    """Whether an error means that there is no room on the disk."""
    if isinstance(error, DiskFullError):
        return True
    if isinstance(error, OSError):
        return error.errno in _NUMBERS
    return any(words in str(error).lower() for words in _WORDS)


def reason_of(error: OSError) -> str:
    """What the system says about an error."""
    return (error.strerror or str(error) or type(error).__name__).lower()


def write_error(place: Path, error: BaseException, *, safe: str = NOTHING_WRITTEN) -> OutputError:
    """An error for the user that names the place.

    Parameters
    ----------
    place : Path
    error : exception
        Of the system or of a library.
    safe : str
        What is not lost when the disk is full, and what to do.
    """
    if is_full(error):
        return DiskFullError(f"{place}: the disk is full; {safe}")
    if isinstance(error, OSError):
        return OutputError(f"{place}: cannot be written: {reason_of(error)}")
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return OutputError(f"{place}: cannot be written: {first}")
