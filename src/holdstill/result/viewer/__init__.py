"""The viewer: a web page on this machine that shows results from their files, a window at a time.

`server` answers requests and knows nothing of what it shows; `opening` finds out what a path is; `slide` shows the
integrity of tissue, `movie` a movie raw and corrected. The page itself is in ``page/``, bundled by ``tools/viewer``.
"""
