"""Who runs the chunks. An engine knows chunks and results, no images."""
