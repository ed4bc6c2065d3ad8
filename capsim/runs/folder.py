"""Output folders appear whole or not at all. Knows nothing of what is in them."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from capsim.errors import OutputError
from capsim.paths import is_full, new_folder, write_error


def free_folder(name: str, *, within: Path = Path("results")) -> Path:
    """Folder for results of that name which does not exist yet: ``results/ohio-2023-24``, or with -2, -3 and so on."""
    plain = slug(name) or "scenario"
    folder, number = within / plain, 1
    while folder.exists() or folder.is_symlink():
        number += 1
        folder = within / f"{plain}-{number}"
    return folder


def slug(name: str) -> str:
    """Letters and digits of a text, for the name of a folder; empty if it has none."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:60].strip("-")


@contextlib.contextmanager
def whole_folder(folder: Path, *, last: str) -> Iterator[Path]:
    """Give a temporary folder to write into; when the block ends well it becomes `folder`, otherwise nothing is left.

    The temporary folder stands beside `folder`, and is renamed. An empty folder that exists already (it may be a
    mounted disk) is filled instead, with the file named `last` at the very end.
    """
    folder = new_folder(folder)
    exists = folder.is_dir()
    made: list[Path] = []
    stage = (folder if exists else folder.parent) / f".{folder.name[:40]}.partial-{os.getpid()}-{time.time_ns()}"
    try:
        made = _make_parents(folder.parent)
        stage.mkdir()
        yield stage
        _flush(stage)
        if exists:
            _move_in(stage, folder, last)
        elif folder.exists() or folder.is_symlink():
            raise OutputError(f"{folder}: was made by somebody else while this ran; name another folder")
        else:
            stage.rename(folder)
    except BaseException as error:
        shutil.rmtree(stage, ignore_errors=True)
        for parent in reversed(made):
            with contextlib.suppress(OSError):
                parent.rmdir()
        if isinstance(error, OSError) or (isinstance(error, OutputError) and is_full(error)):
            raise write_error(folder, error) from error
        if isinstance(error, OutputError) and not str(error).startswith(str(folder)):
            raise OutputError(f"{folder}: {error}") from error
        raise


def _make_parents(parent: Path) -> list[Path]:
    """Create a folder and those above it; return the ones that were missing, outermost first."""
    missing = []
    while not parent.exists():
        missing.append(parent)
        parent = parent.parent
    missing.reverse()
    for one in missing:
        one.mkdir(exist_ok=True)
    return missing


def _flush(stage: Path) -> None:
    """Make sure that the files are on the disk before the folder gets its name."""
    for path in stage.rglob("*"):
        if path.is_dir():
            flush_folder(path)
            continue
        with path.open("r+b") as file:
            os.fsync(file.fileno())
    flush_folder(stage)


def flush_folder(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk, where the system can do that."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _move_in(stage: Path, folder: Path, last: str) -> None:
    others = [path for path in folder.iterdir() if path != stage]
    if others:
        raise OutputError(f"{folder}: was filled by somebody else while this ran; name another folder")
    moved: list[Path] = []
    try:
        for path in sorted(stage.iterdir(), key=lambda path: (path.name == last, path.name)):
            moved.append(folder / path.name)
            path.rename(moved[-1])
        stage.rmdir()
    except BaseException:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise
