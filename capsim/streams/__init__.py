"""Random streams: keys (plain Python) and the Philox blocks that processes receive (numba)."""
