"""`capsim lesson`: lessons as pages that open from disk."""

from __future__ import annotations

from pathlib import Path

import click

from capsim.cli.group import say
from capsim.cli.options import examples, output_options, workers_option
from capsim.cli.tables import said_to_machines, say_json, text_table


@click.command(epilog=examples("capsim lesson --list", "capsim lesson when_people_leave --out when_people_leave.html"))
@click.argument("name", metavar="NAME", required=False)
@click.option("--list", "as_list", is_flag=True, help="Only list the lessons.")
@click.option("--out", metavar="FILE", help="Where to write the page (default: NAME.html).")
@workers_option
@output_options
@click.pass_context
def lesson(
    ctx: click.Context, *, name: str | None, as_list: bool, out: str | None, workers: int, as_json: bool, quiet: bool
) -> None:
    """Run a lesson and write it as one page for a class.

    The page opens from disk, offline, in any browser: text, a prediction to make, and what was simulated at every
    position of its slider. NAME is a lesson of capsim, or a Markdown file of one's own like those in docs/lessons.
    """
    from capsim.cli.progress import Progress
    from capsim.lessons import load_lesson, play, write_lesson
    from capsim.paths import file_to_write

    if as_list == (name is not None):
        raise click.UsageError("name a lesson, or use --list to see which there are", ctx)
    if name is None:
        _say_lessons(as_json=as_json, quiet=quiet)
        return
    given = load_lesson(name)
    path = file_to_write(Path(f"{given.name}.html") if out is None else out, endings=(".html", ".htm"))
    with Progress("worlds", quiet=quiet) as progress:
        played = play(given, workers=workers, progress=progress)
    write_lesson(played, path)
    surprises = played.surprises()
    if as_json:
        say_json({"lesson": given.name, "file": str(path), "surprises": surprises})
    else:
        say(path)
    for line in surprises:
        say(f"{given.name}: not what the notes for instructors say: {line}", err=True)


def _say_lessons(*, as_json: bool, quiet: bool) -> None:
    from capsim.lessons import lesson_names, load_lesson

    rows = [
        {"name": name, "title": block.title, "minutes": block.minutes, "about": block.about}
        for name, block in ((name, load_lesson(name).block) for name in lesson_names())
    ]
    if not said_to_machines(rows, as_json=as_json, quiet=quiet):
        cells = [[str(row[column]) for column in ("name", "minutes", "title", "about")] for row in rows]
        say(text_table(["lesson", "minutes", "title", "about"], cells, align="lrll"))
