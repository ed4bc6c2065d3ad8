"""The folder of a study: manifest, provenance, shards. A run is there whole or not at all.

One driver works on a folder at a time, or any number of parts of a job array; the lock is the operating system's, so
that it ends with the process that holds it. Where a file system has no locks two drivers do no harm: runs are named by
content, and shards appear whole.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import platform
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from capsim.errors import InputError, OutputError
from capsim.paths import write_error
from capsim.runs.output import read_json, strict_json
from capsim.runs.study import NOT_PART_OF_A_STUDY
from capsim.runs.tables import RUNS, STORED, TEMPORARY, temporary_file

MANIFEST, PROVENANCE, DICTIONARY, SESSIONS = "study.json", "provenance.json", "data_dictionary.md", "sessions.jsonl"
FORMAT = 1
_ABANDONED_SECONDS = 24 * 3600.0
_BUSY = (errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK, errno.EDEADLK)
_LABELS = ("run_id", "strategy", "point", "replicate", "luck")


class Manifest(NamedTuple):
    """What `study.json` says."""

    study: dict[str, Any]
    study_hash: str
    design_hash: str
    results_version: int
    columns: tuple[str, ...]
    runs: int
    plugins: Mapping[str, Mapping[str, str]] = {}
    """File and hash of the source of strategies of the user's own."""


def store_columns(factors: Sequence[str], outcomes: Sequence[str]) -> tuple[str, ...]:
    """Columns of the shards: who, at which point, how it ended, outcomes."""
    return (*_LABELS, *factors, "status", "reason", *outcomes)


def open_store(folder: Path, wanted: Manifest, *, origin: Callable[[], Mapping[str, Any]], dictionary: str) -> None:
    """Make the folder of a study, or make sure that an existing one is the same study's.

    `origin` gives the content of provenance.json, `dictionary` is the text of data_dictionary.md.
    """
    try:
        if not (folder / MANIFEST).exists():
            _begin(folder, wanted, origin(), dictionary)
        stored = read_manifest(folder)
        _refuse_another(folder, stored, wanted)
        (folder / TEMPORARY).mkdir(exist_ok=True)
        _note_session(folder)
    except OSError as error:
        raise write_error(folder, error, safe=STORED) from error


def refuse_foreign(folder: Path) -> None:
    """Make sure that a folder is new, empty or a study's, before anything is written to it."""
    ours = {RUNS, TEMPORARY, PROVENANCE, DICTIONARY, SESSIONS}
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file; an output folder is needed")
    if not folder.is_dir() or (folder / MANIFEST).exists():
        return
    if any(path.name not in ours and path.suffix != ".lock" for path in folder.iterdir()):
        raise OutputError(f"{folder}: exists, is not empty and holds no study; name another folder")


def _begin(folder: Path, manifest: Manifest, origin: Mapping[str, Any], dictionary: str) -> None:
    """Write everything that is known before the first run; the manifest last, because it makes the folder a study's."""
    for place in (folder, folder / RUNS, folder / TEMPORARY):
        place.mkdir(parents=True, exist_ok=True)
    write_text(folder, PROVENANCE, strict_json({**origin, "study_hash": manifest.study_hash}) + "\n")
    write_text(folder, DICTIONARY, dictionary)
    write_text(folder, MANIFEST, strict_json({"format": FORMAT, **manifest._asdict()}) + "\n", once=True)


def write_text(folder: Path, name: str, text: str, *, once: bool = False) -> None:
    """Write a small file that appears whole; with `once` an existing one wins."""
    draft = temporary_file(folder, name)
    try:
        with draft.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if once:
            _link_once(draft, folder / name)
        else:
            os.replace(draft, folder / name)
    finally:
        draft.unlink(missing_ok=True)


def _link_once(draft: Path, target: Path) -> None:
    with contextlib.suppress(FileExistsError):
        try:
            os.link(draft, target)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links; the lock keeps others away
            if not target.exists():
                os.replace(draft, target)


def read_manifest(folder: Path) -> Manifest:
    """Read `study.json`."""
    path = folder / MANIFEST
    try:
        content = read_json(path.read_text(encoding="utf-8"))
        if content.pop("format") != FORMAT:
            raise InputError(f"{path}: was written by another version of capsim")
        return Manifest(**{**content, "columns": tuple(content["columns"])})
    except FileNotFoundError as error:
        raise InputError(f"{folder}: holds no study ({MANIFEST} is missing)") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{path}: not as capsim writes it") from error


def _refuse_another(folder: Path, stored: Manifest, wanted: Manifest) -> None:
    if stored.results_version != wanted.results_version:
        raise InputError(
            f"{folder}: holds results version {stored.results_version}; this capsim makes version "
            f"{wanted.results_version}, whose numbers differ; name another folder"
        )
    changed = [
        f"  {reference}: its source has changed since the study began ({wanted.plugins[reference]['file']})"
        for reference, then in stored.plugins.items()
        if reference in wanted.plugins and wanted.plugins[reference]["sha256"] != then["sha256"]
    ]
    if stored.study_hash != wanted.study_hash:
        lines = [f"{folder}: holds another study; name another folder, or make the study as it was:"]
        mine, theirs = (
            {key: value for key, value in one.study.items() if key not in NOT_PART_OF_A_STUDY}
            for one in (wanted, stored)
        )
        found = [f"  {key}: stored {old}, asked for {new}" for key, old, new in _differences(theirs, mine)]
        raise InputError([*lines, *(found + changed or ["  a table that the scenario names has other content"])])
    if stored.design_hash != wanted.design_hash:
        raise InputError(
            f"{folder}: the design gives other points than when the study began, because scipy or SALib is another "
            "version; use the versions in provenance.json"
        )


def _differences(old: Any, new: Any, where: str = "") -> Iterator[tuple[str, str, str]]:
    """Keys at which two plain values differ, with both."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _differences(old.get(key), new.get(key), f"{where}.{key}" if where else key)
    elif old != new:
        yield where, _short(old), _short(new)


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _note_session(folder: Path) -> None:
    """Add a line on who works on the folder now."""
    session = {
        "started": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "host": socket.gethostname(),
        "python": platform.python_version(),
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]] if sys.argv else [],
        "processor": _processor(),
    }
    with (folder / SESSIONS).open("a", encoding="utf-8") as file:
        file.write(strict_json(session, indent=None) + "\n")


def _processor() -> list[str]:
    """Features of the processor that numpy uses: exp and log may differ in the last digit between them."""
    import numpy as np

    try:
        return sorted(np.show_config(mode="dicts")["SIMD Extensions"].get("found", []))
    except (KeyError, TypeError, AttributeError):
        return []


def sweep_leftovers(folder: Path, *, alone: bool) -> None:
    """Remove files that an interrupted session left half written; beside other drivers only old ones."""
    latest = time.time() - (0.0 if alone else _ABANDONED_SECONDS)
    for path in (folder / TEMPORARY).iterdir() if (folder / TEMPORARY).is_dir() else ():
        with contextlib.suppress(OSError):
            if alone or path.stat().st_mtime < latest:
                path.unlink()


@contextlib.contextmanager
def locked(folder: Path, *, shard: tuple[int, int] = (1, 1)) -> Iterator[bool]:
    """Hold the folder for this driver, alone or with other parts of a job array; give whether it is alone."""
    with contextlib.ExitStack() as held:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(lock(folder / "driver.lock", shared=shard[1] > 1))
            if shard[1] > 1:
                held.enter_context(lock(folder / f"driver-{shard[0]}-of-{shard[1]}.lock"))
        except OSError as error:
            raise write_error(folder, error, safe=STORED) from error
        yield shard[1] == 1


@contextlib.contextmanager
def lock(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold a lock of the operating system on a file, if shared together with others; what it says is for people.

    Where a file system has no locks nothing is held: runs are named by content, so that nothing is harmed.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            _take(file, shared=shared)
        except OSError as error:
            if error.errno in _BUSY:
                raise OutputError(f"{path.parent}: another capsim works on this folder{_holder(file)}") from error
        else:
            with contextlib.suppress(OSError):  # a full disk must not keep anybody from being told so later
                os.ftruncate(file, 0)
                since = time.strftime("%Y-%m-%d %H:%M:%S")
                os.write(file, f"process {os.getpid()} on {socket.gethostname()} since {since}".encode())
        yield
    finally:
        os.close(file)


def _holder(file: int) -> str:
    with contextlib.suppress(OSError):
        text = os.read(file, 200).decode(errors="replace").strip()
        return f" ({text})" if text else ""
    return ""


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
