"""holdstill and its peers, side by side in one process on the same arrays."""
