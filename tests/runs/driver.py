"""A driver as a user would write it: prints what it reports done."""

from __future__ import annotations

import json
import sys


def main() -> None:
    from capsim.runs.sweep import sweep

    study, options = sys.argv[1], json.loads(sys.argv[2])
    sweep(study, progress=lambda done, total, failed: print(done, total, failed, flush=True), **options)
    print("finished", flush=True)


if __name__ == "__main__":
    main()
