"""One file per method; the file's name is the public name. What methods share stands in `search` and `likelihood`."""
