"""How frames are resampled: once, whole, or when they are looked at."""
