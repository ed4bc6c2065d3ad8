"""Changes made to good files: of bytes, lines, values in their structure, cells. All from a given generator."""

from __future__ import annotations

import copy
import csv
import io
import random
from typing import Any

import yaml

# fmt: off
NASTY_TEXT = (
    "", " ", "none", "None", "null", "~", "yes", "no", "true", "nan", "NaN", ".inf", "-.inf", "inf", "1e999", "0",
    "-0", "-1", "1", "1_", "1__0", "0_1", "1_000", "12,450", "4,000", "1.234,5", "3.5", "0,5", "55%", "$4,000,000",
    "4M", "1e3", "1e12", "3.9E+06", "0x10", "0o7", "1:30", "007", "\u00b2", "\u00b2/\u00b3", "\uff11\uff12",
    "\u0663", "9" * 25, "9" * 400, "9" * 5000, "1" + "0" * 40, "2026-10-01", "=1+1", "+1", "@x", "-", "--", "'",
    '"', "\\", "/", "..", "../..", "/dev/zero", "/dev/null", "/etc", "~", "~/x", ".", "a" * 300, "x" * 5000,
    "\u202eabc", "caf\u00e9", "\u00e9" * 200, "\U0001f600", "\x1b[31m", "\x00", "\x07", "a\nb", "a\tb", "\ufeff",
    "\ud7ff", "organization_focused", "organisation_focused", "us_2023_24", "synthetic", "OH", "oh", "US", "Ohio",
    "all", "auto", "lea", "use", "!!python/object:os.system", "!x y", "&a", "*a", "<<", "{", "}", "[", "]",
    "{{x}}", "%s", "%n", "${HOME}", ":", "- -", "? ", "|", ">", "#",
)
NASTY_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 0.5, -0.5, 1.0, 1.5, 1e12, 1e300, 10**15, 10**30, -(10**30), float("inf"), "", [],
    float("nan"), {}, [None], [[]], [{}], {"a": None}, {"": 1}, {"none": 1.0}, {"coaching": 1.0}, {"coaching": "1"},
    [1, 2, 3], ["none"], ["none", "none"], ["OH", "NY"], {"plugin": "os:system"}, {"plugin": "nowhere:Nothing"},
    {"plugin": "capsim:Scenario"}, {"name": "x", "activities": {"coaching": 1.0}}, list(range(300)), ["x"] * 1000,
    {f"k{i}": i for i in range(300)}, {"x": {"x": {"x": {"x": {"x": 1}}}}},
)
# fmt: on
NASTY_BYTES = (
    b"\x00",
    b"\xff",
    b"\xfe",
    b"\x80",
    b"\xc3",
    b"\x1b",
    b"\t",
    b"\r",
    b"\n",
    b"\r\n",
    b"\x0b",
    b"\xe2\x80\xa8",
    b"\xef\xbb\xbf",
)
SYNTAX = tuple(":-#&*!|>'\"%@`{}[],?~=+_")


def mutated_bytes(raw: bytes, rng: random.Random) -> bytes:
    """A file after up to eight changes of bytes or lines, or saved in another encoding."""
    for _ in range(rng.randint(1, 8)):
        raw = rng.choice((_cut, _inserted, _replaced, _lines, _indented, _encoded))(raw, rng)
    return raw


def _cut(raw: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(raw) + 1)
    end = len(raw) if rng.random() < 0.1 else start + rng.randint(1, 20)
    return raw[:start] + raw[end:]


def _inserted(raw: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(raw) + 1)
    what = rng.choice((rng.choice(NASTY_BYTES), rng.choice(SYNTAX).encode(), _text(rng).encode("utf-8", "replace")))
    return raw[:place] + what + raw[place:]


def _replaced(raw: bytes, rng: random.Random) -> bytes:
    """A word of the file, everywhere or once."""
    words = raw.split()
    if not words:
        return raw
    return raw.replace(rng.choice(words), _text(rng).encode("utf-8", "replace"), rng.choice((1, 1, -1)))


def _lines(raw: bytes, rng: random.Random) -> bytes:
    lines = raw.split(b"\n")
    place, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    change = rng.randrange(4)
    if change == 0:
        lines.insert(place, lines[other])
    elif change == 1:
        del lines[place]
    elif change == 2:
        lines[place], lines[other] = lines[other], lines[place]
    else:
        lines[place : place + 1] = [lines[place]] * rng.choice((2, 30, 1000))
    return b"\n".join(lines)


def _indented(raw: bytes, rng: random.Random) -> bytes:
    lines = raw.split(b"\n")
    place = rng.randrange(len(lines))
    lines[place] = rng.choice((b" ", b"  ", b"\t", b"   " * 30)) + lines[place]
    return b"\n".join(lines)


def _encoded(raw: bytes, rng: random.Random) -> bytes:
    if rng.random() < 0.8:
        return raw
    return raw.decode("utf-8", "replace").encode(
        rng.choice(("utf-16", "utf-16-le", "latin-1", "utf-32", "cp1252", "utf-8-sig")), "replace"
    )


def _text(rng: random.Random) -> str:
    return rng.choice(NASTY_TEXT)


def mutated_document(text: str, rng: random.Random) -> bytes:
    """A YAML file with up to four values, keys or entries changed where they stand, and written again."""
    content = yaml.safe_load(text)
    for _ in range(rng.randint(1, 4)):
        holder, place = rng.choice(list(_places(content)))
        _change(content, holder, place, rng)
    return yaml.safe_dump(
        content, sort_keys=False, allow_unicode=rng.random() < 0.5, default_flow_style=rng.choice((None, True, False))
    ).encode("utf-8", "replace")


def _places(content: Any) -> list[tuple[Any, Any]]:
    """Every (holder, key or position) of a tree."""
    found: list[tuple[Any, Any]] = []
    items = (
        list(content.items())
        if isinstance(content, dict)
        else list(enumerate(content))
        if isinstance(content, list)
        else []
    )
    for place, value in items:
        found.append((content, place))
        found += _places(value)
    return found or [({"x": 1}, "x")]


def _change(content: Any, holder: Any, place: Any, rng: random.Random) -> None:
    change = rng.randrange(6)
    if change == 0:
        holder[place] = copy.deepcopy(rng.choice(NASTY_VALUES))
    elif change == 1:
        holder[place] = _text(rng)
    elif change == 2:
        del holder[place]
    elif change == 3:
        other, where = rng.choice(_places(content))
        holder[place] = copy.deepcopy(other[where]) if where in other or isinstance(other, list) else None
    elif change == 4 and isinstance(holder, dict):
        holder[_misspelt(str(place), rng)] = holder.pop(place)
    elif isinstance(holder, dict):
        holder[rng.choice(("seed", "sample", "regions", "parameters", "nonsense", "name", _text(rng)))] = _text(rng)
    else:
        holder.insert(rng.randrange(len(holder) + 1), _text(rng))


def _misspelt(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word) + 1)
    return rng.choice(
        (word[:place] + word[place + 1 :], word[:place] + "x" + word[place:], word.upper(), word[::-1], _text(rng))
    )


def mutated_table(text: str, rng: random.Random) -> bytes:
    """A CSV with up to six cells, columns or rows changed; sometimes with many rows more."""
    rows = list(csv.reader(io.StringIO(text)))
    for _ in range(rng.choice((1, 1, 2, 3, 5))):
        row, column = rng.randrange(len(rows)), rng.randrange(len(rows[0]))
        change = rng.randrange(9)
        if change <= 2 and column < len(rows[row]):
            rows[row][column] = _text(rng)
        elif change == 3:
            rows[0][column % len(rows[0])] = rng.choice(
                ("FTE", "Staff", "turnover", "budget_seats", "", "id", "notes", _misspelt(rows[0][0], rng))
            )
        elif change == 4:
            rows.insert(rng.randrange(len(rows) + 1), list(rows[row]))
        elif change == 5 and len(rows) > 2:
            del rows[row]
        elif change == 6:
            for other in rows:
                del other[column : column + 1]
            if not rows[0]:
                rows[0].append("id")
        elif change == 7:
            rows[row] = rows[row] + [_text(rng)] * rng.randint(1, 3)
        else:
            given = rows[row]
            rows += [
                [f"{cell}{n}" if place == 0 else cell for place, cell in enumerate(given)]
                for n in range(rng.choice((1, 50, 3000)))
            ]
    written = io.StringIO()
    csv.writer(written, delimiter=rng.choice(",,,,,,,;\t"), lineterminator=rng.choice(("\n", "\r\n", "\r"))).writerows(
        rows
    )
    return written.getvalue().encode("utf-8", "replace")
