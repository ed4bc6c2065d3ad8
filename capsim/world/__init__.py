"""The state at one moment: arrays and their invariants; advice networks to and from networkx."""

from capsim.world.schema import MAX_TIES, Layout
from capsim.world.state import Bank, Pool, World

__all__ = ["MAX_TIES", "Bank", "Layout", "Pool", "World"]
