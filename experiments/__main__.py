"""The one command: `python -m experiments NAME` runs an experiment and writes its page, picture and numbers."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import click

from experiments.carrying_out import carry_out, without_causes
from experiments.findings import causes_taken_away, findings
from experiments.page import overview, page
from experiments.picture import draw
from experiments.question import FOLDER, every_name, read_question

NUMBERS, SMALL_NUMBERS = "numbers.json", "small.json"


def run(name: str, *, workers: int, small: bool) -> dict[str, Any]:
    """Findings of an experiment."""
    question = read_question(name)
    return findings(carry_out(name, question, workers=workers, small=small), question)


def _take_causes_away(name: str, workers: int) -> None:
    """Write the part of an experiment's numbers that takes named causes away again."""
    question, numbers = read_question(name), FOLDER / name / NUMBERS
    without, everything = without_causes(name, question, workers=workers)
    found = json.loads(numbers.read_text(encoding="utf-8"))
    _write(numbers, _as_text(found | {"causes": causes_taken_away(without, everything, question)}))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _as_text(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=1, sort_keys=True, allow_nan=True) + "\n"


def write_pages() -> None:
    """All pages and the overview from the numbers that are there; nothing is run."""
    rows = []
    for name in every_name():
        numbers = FOLDER / name / NUMBERS
        if numbers.is_file():
            found = json.loads(numbers.read_text(encoding="utf-8"))
            question = read_question(name)
            _write(FOLDER / name / "README.md", page(name, question, found))
            draw(found, question, FOLDER / name / "figure.svg")
            rows.append((name, question, found))
    _write(FOLDER / "README.md", overview(rows))


@click.command()
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every experiment.")
@click.option("--list", "listing", is_flag=True, help="Name them.")
@click.option("--small", is_flag=True, help="Only the small version that the tests compare with small.json.")
@click.option("--causes", is_flag=True, help="Only take the named causes away; the other numbers stay.")
@click.option("--pages", is_flag=True, help="Write pages and pictures again from the numbers that are there.")
@click.option("--workers", default=2, show_default=True)
def main(
    names: tuple[str, ...], everything: bool, listing: bool, small: bool, causes: bool, pages: bool, workers: int
) -> None:
    """Run experiments, for example: python -m experiments focal_areas"""
    known = every_name()
    unknown = [name for name in names if name not in known]
    if listing or unknown or not (names or everything or pages):
        for name in known:
            click.echo(f"{name:28s}{read_question(name).question}")
        sys.exit(2 if unknown else 0)
    for name in known if everything else names:
        start = time.monotonic()
        if causes:
            _take_causes_away(name, workers)
        elif not small:
            found = run(name, workers=workers, small=False)
            _write(FOLDER / name / NUMBERS, _as_text(found))
        _write(FOLDER / name / SMALL_NUMBERS, _as_text(run(name, workers=1, small=True)))
        click.echo(f"{name}: {time.monotonic() - start:.0f} s")
    write_pages()


if __name__ == "__main__":
    main()
