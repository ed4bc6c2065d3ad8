"""Paths that people give: every way to get one wrong ends in one line, before anything is read or written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from capsim import paths
from capsim.errors import InputError, OutputError, printable
from capsim.scenario import load_scenario

LONG = "x" * 300
WRONG_NAMES = {
    "": "needs a name",
    "  ": "needs a name",
    "a\0b": r"a\\x00b: a name with control characters",
    "a\nb": r"a\\nb: a name with control characters",
    "a\x1b[31mb": r"a\\x1b\[31mb: a name with control characters",
    "bad\udcff": r"bad\\udcff: a name with bytes that are not UTF-8",
    LONG: r"x{40}\.\.\.x{15}: a name of 300 bytes",
    f"a/{LONG}/b": "a name of 300 bytes in a path of 304; at most 255 and 4,095 are allowed",
    "é" * 130: "a name of 260 bytes",
    "a/" * 2100: "at most 255 and 4,095 are allowed",
}
READERS = (paths.file_to_read, paths.read_bytes, paths.read_text, paths.folder_to_read, load_scenario)
WRITERS = (paths.new_folder, paths.folder_to_write, paths.file_to_write)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def one_line(caught: pytest.ExceptionInfo[Exception]) -> None:
    text = str(caught.value)
    assert text == printable(text)
    assert len(text) < 250


@pytest.mark.parametrize("function", [*READERS, *WRITERS])
@pytest.mark.parametrize("name", WRONG_NAMES)
def test_names_that_no_file_can_have(function, name, here):
    kind = OutputError if function in WRITERS else InputError
    with pytest.raises(kind, match=WRONG_NAMES[name]) as caught:
        function(name)
    one_line(caught)
    assert not list(here.iterdir())


@pytest.mark.parametrize("given", [None, 7, 2.5, ["a"], object])
def test_what_is_no_path(given):
    with pytest.raises(InputError, match="is given by its path"):
        paths.path_of(given)


def test_bytes_are_a_path_and_home_is_followed(here, monkeypatch):
    monkeypatch.setenv("HOME", str(here))
    assert paths.path_of(b"a") == Path("a")
    assert paths.new_folder("~/zz") == here / "zz"
    (here / "x.txt").write_text("é", encoding="utf-8")
    assert paths.read_text("~/x.txt") == "é"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_pipes_and_devices_are_not_opened(here):
    os.mkfifo("pipe")
    for name in ("pipe", "/dev/zero", "/dev/null"):
        with pytest.raises(InputError, match="is a pipe or a device; a scenario is an ordinary file"):
            load_scenario(f"./{name}" if name == "pipe" else name)
        with pytest.raises(OutputError, match="is a pipe or a device"):
            paths.file_to_write(name)
        with pytest.raises(OutputError, match="is a file; an output folder is needed"):
            paths.new_folder(name)


def test_links(here):
    (here / "loop").symlink_to("loop")
    (here / "nowhere").symlink_to("missing")
    for function in (paths.read_text, paths.folder_to_read):
        with pytest.raises(InputError, match="loop: cannot be read: too many levels of symbolic links"):
            function("loop")
    for function in WRITERS:
        with pytest.raises(OutputError, match="loop: cannot be written: too many levels"):
            function("loop")
    with pytest.raises(InputError, match="nowhere: no such file"):
        paths.read_text("nowhere")
    with pytest.raises(OutputError, match="nowhere: is a file; an output folder is needed"):
        paths.new_folder("nowhere")


def test_the_nearest_file_beside_it_is_named(here):
    for name in ("mine.csv", "mine.yaml", "ours.xlsx", "turnover.yaml"):
        (here / name).write_text("x")
    for given, near in {"our.xlsx": "ours.xlsx", "mine.yml": "mine.yaml", "mine": "mine.yaml"}.items():
        with pytest.raises(InputError, match=rf"^{given}: no such file; did you mean {near}\?$"):
            paths.read_text(given)
    (here / "sub").mkdir()
    (here / "sub" / "there.csv").write_text("x")
    with pytest.raises(InputError, match=r"^sub/thre\.csv: no such file; did you mean sub/there\.csv\?$"):
        paths.read_text("sub/thre.csv")
    with pytest.raises(InputError, match=r"^nowhere\.yaml: no such file$"):  # its ending alone is near
        paths.read_text("nowhere.yaml")


def test_a_file_where_a_folder_is_meant(here):
    (here / "file").write_text("x")
    with pytest.raises(InputError, match=r"^file/a: no such file; file is a file, not a folder$"):
        paths.read_text("file/a")
    with pytest.raises(InputError, match="file: is a file, not an output folder"):
        paths.folder_to_read("file")
    with pytest.raises(OutputError, match=r"cannot be created, because .*file is a file"):
        paths.new_folder("file/a/b")
    with pytest.raises(OutputError, match="there is no folder file"):
        paths.file_to_write("file/a")


def test_a_folder_where_a_file_is_meant(here):
    with pytest.raises(InputError, match=r"^\.: is a folder; a scenario is a file$"):
        paths.read_bytes(".", what="a scenario")
    with pytest.raises(OutputError, match=r"^\.: is a folder$"):
        paths.file_to_write(".")
    with pytest.raises(OutputError, match=r"a file ending in \.svg or \.png is needed"):
        paths.file_to_write("a.txt", endings=(".svg", ".png"))


def test_the_working_folder_may_be_gone(here):
    (here / "gone").mkdir()
    os.chdir("gone")
    (here / "gone").rmdir()
    try:
        for function, kind in ((paths.read_text, InputError), (paths.new_folder, OutputError)):
            with pytest.raises(kind, match="a: the folder you work in has been deleted; change to another one"):
                function("a")
        assert paths.new_folder(here / "b") == here / "b"
    finally:
        os.chdir(here)


@pytest.mark.skipif(os.name == "nt", reason="names are no bytes there")
def test_the_working_folder_may_have_a_name_of_lone_bytes(here):
    os.mkdir(b"bad\xff")
    os.chdir(b"bad\xff")
    with pytest.raises(OutputError, match=r"a name that is not UTF-8; rename it: .*bad\\udcff$"):
        paths.new_folder("a")
    os.chdir(here)


def test_what_may_not_be_read_or_written(here, monkeypatch):
    def refuse(*words, **more):
        raise PermissionError(13, "Permission denied")

    (here / "a").write_text("x")
    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr("tempfile.TemporaryDirectory", refuse)
    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(InputError, match="a: cannot be read: permission denied"):
        paths.read_bytes("a")
    with pytest.raises(OutputError, match="b: cannot be written: permission denied"):
        paths.new_folder("b")
    with pytest.raises(OutputError, match="a: cannot be written: permission denied"):
        paths.file_to_write("a")
    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(InputError, match="a: cannot be read: permission denied"):
        paths.file_to_read("a")


def test_the_size_is_limited_also_where_the_system_does_not_say_it(here):
    (here / "a").write_bytes(b"x" * 11)
    with pytest.raises(InputError, match="a: 11 bytes; a table has at most 10"):
        paths.read_bytes("a", what="a table", largest=10)
    if Path("/proc/self/maps").exists():  # is said to have 0 bytes
        with pytest.raises(InputError, match="more than 10 bytes"):
            paths.read_bytes("/proc/self/maps", largest=10)


def test_text_that_is_not_utf_8(here):
    (here / "a").write_bytes(b"x\ny\xffz")
    with pytest.raises(InputError, match=r"^a:2: not UTF-8 text \(byte 0xff\); save the file as UTF-8$"):
        paths.read_text("a")


def test_a_file_appears_whole_or_not_at_all(here):
    (here / "a.svg").write_text("old")
    with pytest.raises(ZeroDivisionError), paths.whole_file(Path("a.svg")) as draft:  # noqa: PT012
        draft.write_text("half")
        raise ZeroDivisionError
    with pytest.raises(OutputError, match="the disk is full"), paths.whole_file(Path("a.svg")) as draft:
        raise OSError(28, "No space left on device")
    with pytest.raises(OutputError, match="exists already"), paths.whole_file(Path("a.svg"), once=True) as draft:
        draft.write_text("new")
    assert (here / "a.svg").read_text() == "old"
    with paths.whole_file(Path("a.svg")) as draft:
        draft.write_text("new")
        assert draft.suffix == ".svg"
    assert [path.name for path in here.iterdir()] == ["a.svg"]
    assert (here / "a.svg").read_text() == "new"
