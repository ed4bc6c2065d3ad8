"""`capsim app`: serve the browser app on this machine; `capsim lesson`: lessons as pages that open from disk;
`capsim report`: the page of an output folder drawn again.
"""

from __future__ import annotations

import socket
import threading
import time
import webbrowser
from pathlib import Path
from typing import Any

import click

from capsim.cli.group import Progress, say
from capsim.cli.options import Whole, examples, output_options, own_cpus, quiet_option, workers_option
from capsim.cli.tables import said_to_machines, say_json, text_table
from capsim.paths import file_to_write, folder_to_read

USUAL_PORT = 8642
_MOST_WORKERS = 8


@click.command(
    "app",
    short_help="Open capsim in the browser.",
    epilog=examples("capsim app", "capsim app mine.yaml", "capsim app --port 9000 --no-browser"),
)
@click.argument("scenario", metavar="[SCENARIO]", required=False)
@click.option("--port", type=Whole(1, 65535), help=f"Port on this machine (default: {USUAL_PORT}, or a free one).")
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
@click.option(
    "--workers", type=Whole(1, 64), help="Number of processes that simulate (default: one for each processor, up to 8)."
)
@quiet_option
def app(*, scenario: str | None, port: int | None, no_browser: bool, workers: int | None, quiet: bool) -> None:
    """Open capsim in the browser: compare plans, look at one district, find where the answer turns.

    It serves this machine only (127.0.0.1) and sends nothing anywhere. The page opens with SCENARIO, a file or the name
    of a shipped scenario, if one is given. Ctrl-C ends it.
    """
    from capsim.errors import MissingExtraError

    try:
        import uvicorn

        from capsim.app.server import HOST, create_app
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in {"starlette", "uvicorn", "anyio"}:
            raise MissingExtraError("capsim app needs two more packages", "app") from None
        raise
    from capsim.app.pool import Pool
    from capsim.scenario import load_scenario

    own = None if scenario is None else load_scenario(scenario)
    listening = _listening(HOST, port)
    bound = listening.getsockname()[1]
    address = f"http://{HOST}:{bound}/"
    pool = Pool(workers or min(own_cpus(), _MOST_WORKERS))
    served = create_app(pool, port=bound, own=own)
    server = uvicorn.Server(uvicorn.Config(served, log_level="warning", access_log=False, timeout_graceful_shutdown=1))
    try:
        threading.Thread(target=_announce, args=(server, address, quiet, no_browser), daemon=True).start()
        server.run(sockets=[listening])
    except KeyboardInterrupt as stop:
        raise type(stop)("the app has ended") from None
    finally:
        pool.close()


def _listening(host: str, port: int | None) -> socket.socket:
    """A socket on the port, or on a free one where the usual one is taken."""
    from capsim.errors import InputError

    for wanted in (port,) if port else (USUAL_PORT, 0):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, wanted))
        except OSError as error:
            listening.close()
            reason = (error.strerror or str(error)).lower()
            trouble = f"--port: {wanted} cannot be used ({reason}); try another, or leave it out for a free one"
        else:
            return listening
    raise InputError(trouble)


def _announce(server: Any, address: str, quiet: bool, no_browser: bool) -> None:
    """Say where it is, and open it, once it answers."""
    while not server.started:
        time.sleep(0.02)
    if not quiet:
        say(f"capsim app: {address}  (Ctrl-C ends it)")
    if not no_browser:
        webbrowser.open(address)


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
    from capsim.lessons.lesson import load_lesson
    from capsim.lessons.page import write_lesson
    from capsim.lessons.playing import play

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
    from capsim.lessons.lesson import lesson_names, load_lesson

    rows = [
        {"name": name, "title": block.title, "minutes": block.minutes, "about": block.about}
        for name, block in ((name, load_lesson(name).block) for name in lesson_names())
    ]
    if not said_to_machines(rows, as_json=as_json, quiet=quiet):
        headings = {"lesson": "name", "minutes": "minutes", "title": "title", "about": "about"}
        cells = [[str(row[column]) for column in headings.values()] for row in rows]
        say(text_table(list(headings), cells, align="lrll"))


@click.command(
    epilog=examples("capsim report results/ohio-2023-24", "capsim report results/ohio-2023-24 --out ohio.html")
)
@click.argument("folder", metavar="DIR")
@click.option("--out", metavar="FILE", help="Where to write the page (default: DIR/report.html).")
@quiet_option
def report(*, folder: str, out: str | None, quiet: bool) -> None:
    """Make report.html again from the output folder of a comparison or a study.

    Nothing is simulated again, and nothing in the folder is executed.
    """
    from capsim.comparison.comparison import Several
    from capsim.comparison.folder import open_results
    from capsim.comparison.sweep_summary import StudyPlans
    from capsim.report import write_report
    from capsim.report.page import write_page
    from capsim.report.several import render_several, render_study
    from capsim.runs.reading import Results

    place = folder_to_read(folder)
    opened = open_results(place)
    result = StudyPlans(opened) if isinstance(opened, Results) else opened
    path = file_to_write(place / "report.html" if out is None else out)
    if isinstance(result, Several):
        write_page(render_several(result), path)
    elif isinstance(result, StudyPlans):
        write_page(render_study(result), path)
    else:
        write_report(result, path)
    if not quiet:
        say(f"{result.answer()}\n\n{path}")
