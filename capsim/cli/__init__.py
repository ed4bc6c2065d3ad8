"""The command line. Commands import what they need when they run, so that `capsim --help` is quick."""

from __future__ import annotations

import click

from capsim.cli.analysing import calibrate, optimize, sensitivity
from capsim.cli.comparing import compare
from capsim.cli.explaining import explain
from capsim.cli.group import Commands
from capsim.cli.listing import check, show
from capsim.cli.options import examples
from capsim.cli.running import rerun, run
from capsim.cli.starting import new
from capsim.cli.studying import compact, query, sweep
from capsim.cli.viewing import app, lesson, report


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples(
        "capsim compare classroom       # a small example, in seconds",
        "capsim compare ohio            # real districts of Ohio",
        "capsim new scenario mine       # a commented file to change",
        "capsim app                     # the same in the browser",
    ),
)
@click.version_option(package_name="capsim", message="capsim %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an error; so does CAPSIM_DEBUG=1.")
def main(debug: bool) -> None:
    """Simulate capacity building in education agencies.

    A scenario says which agencies, which assistance strategies and which question; `capsim compare` answers it.

    Exit status: 0 done, 1 failed runs recorded, 2 bad input, 130 interrupted (Ctrl-C), 143 terminated.
    """


for command in (
    run,
    compare,
    sweep,
    query,
    compact,
    rerun,
    sensitivity,
    calibrate,
    optimize,
    explain,
    lesson,
    report,
    check,
    new,
    show,
    app,
):
    main.add_command(command)
