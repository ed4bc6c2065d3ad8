"""As ``sitecustomize.py``: every process that finds it dies while it stores a run, a few times in all."""

from __future__ import annotations

import os
import signal
from pathlib import Path


def die_between_writing_and_naming(marks: Path, times: int) -> None:
    """Kill this process just before a shard gets its name, `times` times in all, once there are larger shards."""
    rename = os.replace

    def replace(source, target):
        count = len(list(marks.iterdir()))
        shards = len(list(Path(target).parents[1].glob("*/*.parquet")))
        if str(target).endswith(".parquet") and shards >= 4 and count < times:
            (marks / f"{count}-{os.getpid()}").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        rename(source, target)

    os.replace = replace


die_between_writing_and_naming(Path(os.environ["DIE_MID_WRITE"]), 3)
