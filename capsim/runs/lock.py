"""A lock on a file that ends with the process which holds it. Knows nothing of studies."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
import time
from pathlib import Path

from capsim.errors import OutputError

__all__ = ["Lock"]

_BUSY = (errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK, errno.EDEADLK)


class Lock:
    """Lock of the operating system on a file; what the file says is only for people.

    Parameters
    ----------
    path : Path
    shared : bool
        Together with other shared holders.
    """

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self.path, self.shared = path, shared
        self._file = -1

    def __enter__(self) -> Lock:
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _take(self._file, shared=self.shared)
        except OSError as error:
            holder = self._holder()
            self._close()
            if error.errno in _BUSY:
                raise OutputError(f"{self.path.parent}: another capsim works on this folder{holder}") from error
            return self  # no locks here: runs are named by content, so that nothing is harmed
        with contextlib.suppress(OSError):  # a full disk must not keep anybody from being told so later
            os.ftruncate(self._file, 0)
            text = f"process {os.getpid()} on {socket.gethostname()} since {time.strftime('%Y-%m-%d %H:%M:%S')}"
            os.pwrite(self._file, text.encode(), 0) if hasattr(os, "pwrite") else os.write(self._file, text.encode())
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def _holder(self) -> str:
        with contextlib.suppress(OSError):
            text = os.read(self._file, 200).decode(errors="replace").strip()
            return f" ({text})" if text else ""
        return ""

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _take(file: int, *, shared: bool) -> None:
    if sys.platform == "win32":
        import msvcrt

        if not shared:
            os.lseek(file, 1_000_000, os.SEEK_SET)  # far behind the text, which others may read
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        return
    import fcntl

    fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
