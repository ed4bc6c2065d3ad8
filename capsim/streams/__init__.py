"""Random streams: keys (plain Python) and the Squares64 numbers that processes receive (numba)."""
