"""Paths that people give: understood, checked before anything runs, read and written in one place.

Knows nothing of what the files hold. What is wrong with a path to read is an `InputError`, with one to write an
`OutputError`; each says the path as it was given, and what is allowed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from capsim.errors import CapsimError, InputError, OutputError, nearest_name, printable

LEAST_FREE_BYTES = 2_000_000
"""Space below which a run is not started."""
LONGEST_NAME, LONGEST_PATH = 255, 4095
"""Bytes of one name, and of a whole path, that common file systems allow."""
LARGEST_FILE_BYTES = 100_000_000
"""Most that is read of a file whose kind has no limit of its own."""
_SCENARIOS, _MOST_LOOKED_AT = {"", ".yaml", ".yml", ".xlsx", ".xls"}, 1000
"""Endings of files that say what to run, right or mistyped, and files among which a near name is looked for."""
NOTHING_WRITTEN = "nothing was written. Make room and run the same command again"
"""What is safe where a folder appears whole or not at all."""

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FULL_WORDS = ("no space left", "not enough space on the disk", "quota exceeded")
"""What libraries say that hide the number."""


class DiskFullError(OutputError):
    """There is no room; nothing was left half written."""


def path_of(given: str | os.PathLike[str], *, error: type[CapsimError] = InputError, what: str = "a file") -> Path:
    """The path that a person means, ``~`` followed; a text that no file can be called is refused.

    Parameters
    ----------
    given : str or path
    error : class
        Raised for what is wrong.
    what : str
        What the path is of, with its article.
    """
    try:
        text = os.fspath(given)
    except TypeError:
        raise error(f"{given!r}: {what} is given by its path, a text, not by a {type(given).__name__}") from None
    text = os.fsdecode(text)
    shown = printable(text)
    if not text.strip():
        raise error(f"{text!r}: {what} needs a name")
    if not _is_utf_8(text):
        raise error(f"{shown}: a name with bytes that are not UTF-8 cannot be noted in results; rename it")
    if any(unicodedata.category(letter) == "Cc" for letter in text):
        raise error(f"{shown}: a name with control characters cannot be used; rename it")
    path = Path(os.path.expanduser(text))
    longest = max((len(os.fsencode(part)) for part in path.parts), default=0)
    if longest > LONGEST_NAME or len(os.fsencode(path)) > LONGEST_PATH:
        raise error(
            f"{_short(shown)}: a name of {longest:,} bytes in a path of {len(os.fsencode(path)):,}; "
            f"at most {LONGEST_NAME} and {LONGEST_PATH:,} are allowed"
        )
    if not path.is_absolute():
        _check_working_folder(shown, error)
    return path


def _is_utf_8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:40]}...{text[-15:]}"


def _check_working_folder(shown: str, error: type[CapsimError]) -> None:
    """Relative paths count from a folder that must exist, and whose own name goes into results."""
    try:
        here = os.getcwd()
    except OSError:
        raise error(f"{shown}: the folder you work in has been deleted; change to another one") from None
    if not _is_utf_8(here):
        raise error(f"{shown}: the folder you work in has a name that is not UTF-8; rename it: {printable(here)}")


def _status(path: Path, error: type[CapsimError], said: str) -> os.stat_result | None:
    """What the system says of a path, links followed; None if there is nothing."""
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as found:
        raise error(f"{said}: {reason_of(found)}") from found


def file_to_read(
    given: str | os.PathLike[str], *, what: str = "a file", largest: int | None = None, shown: str = ""
) -> Path:
    """An ordinary file that exists; pipes and devices, which may never end, are refused before they are opened.

    Parameters
    ----------
    given : str or path
    what : str
        What is expected, with its article: "a scenario".
    largest : int, optional
        Bytes.
    shown : str
        How messages name it; its path without it.

    Raises
    ------
    InputError
    """
    path = path_of(given, what=what)
    shown = shown or str(path)
    found = _status(path, InputError, f"{shown}: cannot be read")
    if found is None:
        above = next((f"; {one} is a file, not a folder" for one in path.parents if one.is_file()), "")
        raise InputError(f"{shown}: no such file{above or nearest_file(path)}")
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"{shown}: is a folder; {what} is a file")
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{shown}: is a pipe or a device; {what} is an ordinary file")
    if largest is not None and found.st_size > largest:
        raise InputError(f"{shown}: {found.st_size:,} bytes; {what} has at most {largest:,}")
    return path


def nearest_file(path: Path, names: Iterable[str] = ()) -> str:
    """``"; did you mean X?"`` for the nearest of `names` and of the files beside `path`, or an empty string."""
    try:
        with os.scandir(path.parent) as there:
            files = [one.name for one in islice(there, _MOST_LOOKED_AT) if one.is_file()]
    except OSError:
        files = []
    alike = [Path(one) for one in files if (Path(one).suffix in _SCENARIOS) == (path.suffix in _SCENARIOS)]
    near = [one.name for one in alike if nearest_name(path.stem, [one.stem])]
    said = nearest_name(path.name, (*names, *near))
    if path.parent != Path() and said.endswith(tuple(f" {one}?" for one in near)):
        said = said.replace("mean ", f"mean {path.parent}{os.sep}", 1)
    return printable(said)


def read_bytes(
    given: str | os.PathLike[str], *, what: str = "a file", largest: int = LARGEST_FILE_BYTES, shown: str = ""
) -> bytes:
    """Content of a file; never more than `largest` bytes are read. Parameters as in `file_to_read`.

    Raises
    ------
    InputError
        If there is no such file, it is none, or it cannot be read.
    """
    path = file_to_read(given, what=what, largest=largest, shown=shown)
    shown = shown or str(path)
    try:
        with path.open("rb") as file:
            raw = file.read(largest + 1)
    except OSError as error:
        raise InputError(f"{shown}: cannot be read: {reason_of(error)}") from error
    if len(raw) > largest:
        raise InputError(f"{shown}: more than {largest:,} bytes; {what} has at most that many")
    return raw


def read_text(
    given: str | os.PathLike[str], *, what: str = "a file", largest: int = LARGEST_FILE_BYTES, shown: str = ""
) -> str:
    """Text of a UTF-8 file, read as by `read_bytes`."""
    raw = read_bytes(given, what=what, largest=largest, shown=shown)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(
            f"{shown or os.fspath(given)}:{line}: not UTF-8 text (byte 0x{raw[error.start]:02x}); save the file as "
            "UTF-8"
        ) from error


def folder_to_read(given: str | os.PathLike[str]) -> Path:
    """A folder that exists.

    Raises
    ------
    InputError
    """
    path = path_of(given, what="an output folder")
    found = _status(path, InputError, f"{path}: cannot be read")
    if found is None:
        raise InputError(f"{path}: no such folder")
    if not stat.S_ISDIR(found.st_mode):
        raise InputError(f"{path}: is a file, not an output folder")
    try:
        os.scandir(path).close()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {reason_of(error)}") from error
    return path


def folder_to_write(given: str | os.PathLike[str]) -> Path:
    """A folder that exists or can be made, with room in it; nothing is left behind by the check.

    Raises
    ------
    OutputError
        If it is a file, or cannot be created or written.
    """
    path = path_of(given, error=OutputError, what="an output folder")
    try:
        place = _place_for(path)
        free = shutil.disk_usage(place).free
        with tempfile.TemporaryDirectory(prefix=".capsim-", dir=place) as probe:
            (Path(probe) / "probe").write_bytes(b"\0" * 4096)
    except OSError as error:
        raise write_error(path, error) from error
    if free < LEAST_FREE_BYTES:
        room = f"{free:,} bytes free, at least {LEAST_FREE_BYTES:,} needed"
        raise DiskFullError(f"{path}: the disk is full ({room}); {NOTHING_WRITTEN}")
    return path


def new_folder(given: str | os.PathLike[str]) -> Path:
    """The same, and there is nothing in it yet."""
    path = path_of(given, error=OutputError, what="an output folder")
    with contextlib.suppress(OSError):
        if any(path.iterdir()):
            raise OutputError(f"{path}: exists and is not empty; name another folder, or move this one away")
    return folder_to_write(path)


def _place_for(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that exists."""
    found = _status(folder, OutputError, f"{folder}: cannot be written")
    if found is not None and stat.S_ISDIR(found.st_mode):
        return folder
    if found is not None or folder.is_symlink():
        raise OutputError(f"{folder}: is a file; an output folder is needed")
    place = Path(os.path.abspath(folder)).parent
    while not place.exists():
        place = place.parent
    if not place.is_dir():
        raise OutputError(f"{folder}: cannot be created, because {place} is a file")
    return place


def file_to_write(given: str | os.PathLike[str], *, endings: tuple[str, ...] = ()) -> Path:
    """A file that can be written or replaced, in a folder that is there.

    Parameters
    ----------
    given : str or path
    endings : tuple of str
        What its name may end in, such as ``.svg``; anything without them.

    Raises
    ------
    OutputError
    """
    path = path_of(given, error=OutputError)
    if endings and path.suffix.lower() not in endings:
        raise OutputError(f"{path}: a file ending in {', '.join(endings[:-1])} or {endings[-1]} is needed")
    found = _status(path, OutputError, f"{path}: cannot be written")
    if found is not None and stat.S_ISDIR(found.st_mode):
        raise OutputError(f"{path}: is a folder")
    if found is not None and not stat.S_ISREG(found.st_mode):
        raise OutputError(f"{path}: is a pipe or a device; an ordinary file is needed")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: there is no folder {path.parent}")
    try:
        with tempfile.TemporaryFile(prefix=".capsim-", dir=path.parent):
            pass
    except OSError as error:
        raise write_error(path, error) from error
    return path


@contextlib.contextmanager
def whole_file(path: Path, *, once: bool = False) -> Iterator[Path]:
    """Give a draft beside a file; when the block ends well it takes the file's place, otherwise nothing is left.

    Parameters
    ----------
    path : Path
    once : bool
        Leave a file that exists as it is.

    Raises
    ------
    OutputError
        If it cannot be written, or exists and is to be left.
    """
    draft = path.with_name(f".capsim-{os.getpid()}-{time.time_ns()}{path.suffix}"[:LONGEST_NAME])
    try:
        yield draft
        if once and os.path.lexists(path):
            raise OutputError(f"{path}: exists already and is left as it is; choose another name")
        os.replace(draft, path)
    except OSError as error:
        raise write_error(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def is_full(error: BaseException) -> bool:
    """Whether an error means that there is no room on the disk."""
    if isinstance(error, DiskFullError):
        return True
    if isinstance(error, OSError):
        return error.errno in _FULL
    return any(words in str(error).lower() for words in _FULL_WORDS)


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
