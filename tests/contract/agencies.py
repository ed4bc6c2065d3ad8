"""Agencies of the small worlds of this room: id, level, row of the parent and positions of each, parents first."""

from tests.assistance.program_bench import ESA, LEA, SCHOOL, SEA

__all__ = ["CHAIN", "WORLDS"]

CHAIN = (
    ("state", SEA, -1, 8),
    ("east", ESA, 0, 6),
    ("west", ESA, 0, 3),
    ("large", LEA, 1, 20),
    ("middle", LEA, 1, 9),
    ("small", LEA, 2, 2),
    ("one", LEA, 2, 1),
    ("below the state", LEA, 0, 5),
    ("alone", LEA, -1, 3),
    ("large 1", SCHOOL, 3, 4),
    ("large 2", SCHOOL, 3, 3),
    ("middle 1", SCHOOL, 4, 2),
    ("one 1", SCHOOL, 6, 1),
)
"""A chain of four levels, with a district on its own."""

WORLDS = {
    "chain": CHAIN,
    "districts alone": tuple((f"district {n}", LEA, -1, n + 1) for n in range(4)),
    "districts below the state": (("state", SEA, -1, 4), *((f"district {n}", LEA, 0, n + 1) for n in range(4))),
    "the state alone": (("state", SEA, -1, 6),),
    "regions without districts": (("state", SEA, -1, 4), ("region", ESA, 0, 3)),
    "schools without districts": (("state", SEA, -1, 4), ("school", SCHOOL, 0, 3)),
    "a district without positions": (("state", SEA, -1, 4), ("empty", LEA, 0, 0), ("full", LEA, 0, 3)),
}
"""Worlds in which one recipient or another is missing."""
