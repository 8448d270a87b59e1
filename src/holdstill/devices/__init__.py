"""Where pixels are crunched: `plain` is the readable specification, `cpu` the fast one that must equal it."""
