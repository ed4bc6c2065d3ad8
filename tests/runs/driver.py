"""A driver as a user would write it: prints what it reports done. An environment variable has workers die mid-write."""

from __future__ import annotations

import json
import os
import signal
import sys
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


if os.environ.get("DIE_MID_WRITE"):
    die_between_writing_and_naming(Path(os.environ["DIE_MID_WRITE"]), 3)


def main() -> None:
    from capsim.comparison.sweep import sweep

    study, options = sys.argv[1], json.loads(sys.argv[2])
    sweep(study, progress=lambda done, total, failed: print(done, total, failed, flush=True), **options)
    print("finished", flush=True)


if __name__ == "__main__":
    main()
