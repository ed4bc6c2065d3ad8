"""Output folders appear whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from capsim.comparison.compare import compare
from capsim.errors import OutputError
from capsim.paths import new_folder
from capsim.runs.output import free_folder, whole_folder


def fill(folder: Path) -> None:
    with whole_folder(folder, last="last.txt") as stage:
        (stage / "first.txt").write_text("1")
        (stage / "last.txt").write_text("2")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_folder_and_those_above_it(tmp_path):
    fill(tmp_path / "a" / "b" / "c")
    assert names(tmp_path / "a" / "b" / "c") == ["first.txt", "last.txt"]
    assert names(tmp_path / "a" / "b") == ["c"]


def test_an_empty_folder_is_filled_and_stays_the_same_folder(tmp_path):
    (tmp_path / "a").mkdir()
    before = (tmp_path / "a").stat().st_ino
    fill(tmp_path / "a")
    assert names(tmp_path / "a") == ["first.txt", "last.txt"]
    assert (tmp_path / "a").stat().st_ino == before
    assert names(tmp_path) == ["a"]


def write_and(folder: Path, then) -> None:
    """Write a file, then do something while the folder is unfinished."""
    with whole_folder(folder, last="x") as stage:
        (stage / "x").write_text("1")
        then()


def throw(error: BaseException):
    def then() -> None:
        raise error

    return then


@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), OutputError("x")])
def test_nothing_is_left_when_writing_fails(tmp_path, exists, error):
    folder = tmp_path / "above" / "a"
    if exists:
        folder.mkdir(parents=True)
    with pytest.raises(type(error)):
        write_and(folder, throw(error))
    assert names(tmp_path) == (["above"] if exists else [])
    assert not exists or names(folder) == []


def test_a_write_that_fails_names_the_folder(tmp_path):
    with pytest.raises(OutputError) as caught:
        write_and(tmp_path / "a", throw(OSError(28, "No space left on device")))
    said = "the disk is full; nothing was written. Make room and run the same command again"
    assert str(caught.value) == f"{tmp_path / 'a'}: {said}"


def test_a_folder_that_appears_meanwhile_is_not_touched(tmp_path):
    folder = tmp_path / "a"

    def somebody() -> None:
        folder.mkdir()
        (folder / "theirs").write_text("2")

    with pytest.raises(OutputError, match="was made by somebody else"):
        write_and(folder, somebody)
    assert names(tmp_path) == ["a"]
    assert names(folder) == ["theirs"]


def test_an_empty_folder_that_is_filled_meanwhile_is_not_touched(tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    with pytest.raises(OutputError, match="was filled by somebody else"):
        write_and(folder, lambda: (folder / "theirs").write_text("2"))
    assert names(folder) == ["theirs"]


def test_moving_into_an_existing_folder_ends_with_the_last_file(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    moved = []
    rename = Path.rename
    monkeypatch.setattr(Path, "rename", lambda self, to: (moved.append(Path(to).name), rename(self, to))[1])
    with whole_folder(tmp_path / "a", last="a.json") as stage:
        for name in ("a.json", "b.txt", "c.txt"):
            (stage / name).write_text(name)
    assert moved == ["b.txt", "c.txt", "a.json"]


def test_a_move_that_fails_in_the_middle_is_undone(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    rename = Path.rename

    def second_fails(self, to):
        if Path(to).name == "last.txt":
            raise OSError(5, "Input/output error")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", second_fails)
    with pytest.raises(OutputError, match="input/output error"):
        fill(tmp_path / "a")
    assert names(tmp_path / "a") == []


def test_checking_leaves_nothing(tmp_path):
    new_folder(tmp_path / "a" / "b")
    assert names(tmp_path) == []


def test_broken_link_and_file_and_full_folder(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    for name, message in (("link", "is a file"), ("file", "is a file"), (".", "exists and is not empty")):
        with pytest.raises(OutputError, match=message):
            new_folder(tmp_path / name)


def test_names_of_default_folders(tmp_path):
    assert free_folder("Ohio, 2023-24", within=tmp_path).name == "ohio-2023-24"
    assert free_folder("Åre / \\ ..: *", within=tmp_path).name == "are"
    assert free_folder("东京", within=tmp_path).name == "scenario"
    assert len(free_folder("x" * 500, within=tmp_path).name) == 60
    (tmp_path / "a").mkdir()
    (tmp_path / "a-2").write_text("")
    assert free_folder("A", within=tmp_path).name == "a-3"


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounts a small disk")
def test_a_disk_that_really_fills_up(classroom, tmp_path, monkeypatch):
    from capsim.comparison.folder import write_folder

    whole = compare(classroom, keep_agencies=True)
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed")
    try:
        with pytest.raises(OutputError, match=f"^{disk / 'out'}: the disk is full"):
            new_folder(disk / "out")
        monkeypatch.setattr("capsim.paths.LEAST_FREE_BYTES", 0)
        with pytest.raises(OutputError, match=f"^{disk / 'out'}: the disk is full; nothing was written"):
            write_folder(whole, disk / "out")
        assert names(disk) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)
