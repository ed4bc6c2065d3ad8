"""Every way to break a snapshot, tried in a process of its own that may crash: prints one line of JSON for each.

python -m tests.model.broken_snapshots
"""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from capsim import CapacityModel, load_snapshot, save_snapshot

Break = Callable[[dict[str, Any]], None]


def put(name: str, where: Any, value: Any) -> Break:
    def change(snapshot: dict[str, Any]) -> None:
        snapshot[name][where] = value

    return change


def made(name: str, make: Callable[[np.ndarray], Any]) -> Break:
    def change(snapshot: dict[str, Any]) -> None:
        snapshot[name] = make(snapshot[name])

    return change


def drop(name: str) -> Break:
    def change(snapshot: dict[str, Any]) -> None:
        del snapshot[name]

    return change


def about(change_of: Callable[[dict[str, Any]], None]) -> Break:
    def change(snapshot: dict[str, Any]) -> None:
        metadata = json.loads(str(snapshot["metadata"]))
        change_of(metadata)
        snapshot["metadata"] = np.array(json.dumps(metadata))

    return change


def setting(*path: Any, value: Any) -> Break:
    def change(metadata: dict[str, Any]) -> None:
        inner: Any = metadata
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value

    return about(change)


def cases() -> Iterator[tuple[str, Break]]:
    """Names and ways."""
    yield "tie_to far away", put("world.tie_to", (3, 0), 2_000_000_000)
    yield "tie_to below", put("world.tie_to", (3, 0), -7)
    yield "tie_to oneself", put("world.tie_to", (3, 0), 3)
    yield "person -7", put("world.person", 2, -7)
    yield "person twice", made("world.person", lambda a: np.where(np.arange(len(a)) == 2, a[1], a))
    yield "person from the future", put("world.person", 2, 2**40)
    yield "next_person back", put("world.next_person", 0, 3)
    yield "consulted slot 100", put("world.consulted", 2, 100)
    yield "consulted slot -9", put("world.consulted", 2, -9)
    yield "pool count", put("world.pool.count", 0, 10**9)
    yield "pool count negative", put("world.pool.count", 0, -1)
    yield "pool origin", put("world.pool.origin", 0, 10**6)
    yield "pool tie_to", put("world.pool.tie_to", (0, 0), 10**6)
    yield "tenure negative", put("world.tenure", 2, -4)
    for name in ("skill", "priority", "engagement", "attention", "routine", "plan", "culture", "use", "ta_hours"):
        yield f"{name} NaN", put(f"world.{name}", 0, np.nan)
        yield f"{name} infinite", put(f"world.{name}", 0, np.inf)
    for name in ("skill", "person", "tie_to", "routine", "pool.person", "pool.skill"):
        yield f"{name} cut", made(f"world.{name}", lambda a: a[:-1])
        yield f"{name} longer", made(f"world.{name}", lambda a: np.concatenate([a, a]))
        yield f"{name} missing", drop(f"world.{name}")
        yield (
            f"{name} half as wide",
            made(f"world.{name}", lambda a: a.astype(np.float32 if a.dtype.kind == "f" else np.int16)),
        )
    yield "skill text", made("world.skill", lambda a: a.astype(str))
    yield "skill complex", made("world.skill", lambda a: a.astype(complex))
    yield "skill other byte order", made("world.skill", lambda a: a.astype(">f8"))
    yield "skill transposed", made("world.skill", lambda a: np.ascontiguousarray(a.T))
    yield "skill one number", made("world.skill", lambda a: np.array(0.5))
    yield "skill a list", made("world.skill", lambda a: a.tolist())
    yield "skill None", made("world.skill", lambda a: None)
    for name in ("organization", "unit", "first", "unit_first", "child_first", "child", "parent", "role", "level"):
        yield f"layout {name} far", put(f"layout.{name}", -1, 100)
        yield f"layout {name} negative", put(f"layout.{name}", 0, -5)
        yield f"layout {name} cut", made(f"layout.{name}", lambda a: a[:-1])
    yield "layout first not rising", made("layout.first", lambda a: a[::-1].copy())
    yield "layout parent in a circle", put("layout.parent", slice(1, 3), [2, 1])
    yield "layout labour_group", put("layout.labour_group", 0, 10**6)
    yield "layout market", put("layout.market", 0, 10**6)
    yield "layout hazard NaN", put("layout.hazard", 0, np.nan)
    yield "layout identity", put("layout.identity", 0, 1)
    yield "bank empty", lambda s: s.update({f"bank.{n}": s[f"bank.{n}"][:0] for n in ("skill", "disposition")})
    yield "bank cut", made("bank.skill", lambda a: a[:5])
    yield "bank NaN", put("bank.skill", 0, np.nan)
    yield "record cut", made("record.monthly", lambda a: a[:-1])
    yield "record missing", drop("record.monthly")
    yield "record with other measures", made("record.monthly", lambda a: a[:, :, :-1])
    yield "record after text", lambda s: s.update({"record.after.soon": np.zeros(3)})
    yield "ledger cut", made("program.ledger.by_organization", lambda a: a[:-1])
    yield "ledger negative", put("program.ledger.totals", 0, -5.0)
    yield "ledger NaN", put("program.ledger.monthly", 0, np.nan)
    yield "ledger missing", drop("program.ledger.monthly")
    yield "codesigned of text", made("program.codesigned", lambda a: a.astype(str))
    yield "metadata missing", drop("metadata")
    yield "metadata no JSON", lambda s: s.update(metadata=np.array("{"))
    yield "metadata a number", lambda s: s.update(metadata=np.array(3))
    yield "metadata a list", lambda s: s.update(metadata=np.array("[1]"))
    yield "metadata nested", lambda s: s.update(metadata=np.array("[" * 100_000))
    yield "format 1", setting("format", value=1)
    yield "format text", setting("format", value="three")
    yield "seed text", setting("seed", value="one")
    yield "seed negative", setting("seed", value=-1)
    yield "month 10**9", setting("month", value=10**9)
    yield "month 47", setting("month", value=47)
    yield "month -1", setting("month", value=-1)
    yield "month NaN", setting("month", value=float("nan"))
    yield "areas fewer", setting("layout", "areas", value=["equity"])
    yield "areas no list", setting("layout", "areas", value=3)
    yield "areas others", setting("layout", "areas", value=["a", "b", "c"])
    yield "ids fewer", setting("layout", "ids", value=["A"])
    yield "names of numbers", setting("layout", "names", value=[1, 2, 3, 4])
    yield "layout without ids", about(lambda m: m["layout"].pop("ids"))
    yield "random short", setting("random", value=[3, [1, 2], None])
    yield "random text", setting("random", value="x")
    yield "rng of nothing", setting("rng", value=None)
    yield "rng of another kind", setting("rng", value={"dict": [["bit_generator", "MT19937"]]})
    yield "memory of nothing", setting("memory", value=None)
    yield "memory of a class", setting("memory", value={"dataclass": "Popen", "fields": {"dict": []}})
    yield "memory of an array that is missing", setting("memory", value={"dict": [["a", {"array": "memory.99"}]]})
    yield "strategy unknown", setting("strategy", value="nonsense")
    yield "strategy a number", setting("strategy", value=5)
    yield "processes a number", setting("processes", value=5)
    yield "parameters text", setting("parameters", "lea_annual_exit", value="high")
    yield "parameters out of range", setting("parameters", "lea_annual_exit", value=7.0)
    yield "parameters unknown", setting("parameters", "nonsense", value=1.0)
    yield "settled text", setting("settled", value="long")
    yield "scenario empty", setting("scenario", value={})
    yield "scenario a text", setting("scenario", value="ohio")
    yield "scenario of other months", setting("scenario", "timeline", "assistance", value=10**9)
    yield "scenario of fewer months", setting("scenario", "timeline", value={"assistance": 2, "follow_up": 0})
    yield "unknown key", setting("more", value=1)


def said_of(act: Callable[[], Any]) -> dict[str, Any]:
    try:
        act()
    except Exception as error:
        return {"kind": type(error).__name__, "said": str(error), "where": traceback.format_exc()[-1500:]}
    return {"kind": "none"}


def broken_files(snapshot: dict[str, Any], folder: Path) -> Iterator[tuple[str, Path]]:
    """Files that hold no whole snapshot."""
    good = folder / "good.npz"
    save_snapshot(snapshot, good)
    raw = good.read_bytes()
    half = len(raw) // 2
    changed = bytearray(raw)
    for place in range(200, len(changed) - 2000, 997):
        changed[place] ^= 0xFF
    for name, content in (
        ("half a file", raw[:half]),
        ("the other half", raw[half:]),
        ("a tenth missing in the middle", raw[:half] + raw[half + len(raw) // 10 :]),
        ("bytes changed", bytes(changed)),
        ("empty", b""),
        ("zeros", bytes(1000)),
        ("text", b"not a snapshot"),
        ("only the head", raw[:4]),
    ):
        path = folder / f"{name}.npz"
        path.write_bytes(content)
        yield name, path
    array = folder / "one array.npy"
    np.save(array, np.zeros(3))
    yield "one array", array
    pickled = folder / "pickled.npz"
    np.savez(pickled, metadata=np.array([{"a": 1}], dtype=object))
    yield "pickled", pickled
    yield "a folder", folder
    yield "nothing there", folder / "nothing.npz"


def main() -> None:
    model = CapacityModel("classroom", seed=1, strategy="blended")
    for _ in range(12):
        model.step()
    whole = model.snapshot()
    for name, change in cases():
        snapshot = {key: array.copy() for key, array in whole.items()}
        change(snapshot)
        print(json.dumps({"case": name}), flush=True)
        print(json.dumps(said_of(lambda s=snapshot: CapacityModel.restore(s).run())), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, path in broken_files(whole, Path(folder)):
            print(json.dumps({"case": name}), flush=True)
            print(json.dumps(said_of(lambda p=path: load_snapshot(p))), flush=True)


if __name__ == "__main__":
    sys.exit(main())
