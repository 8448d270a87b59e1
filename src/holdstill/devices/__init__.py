"""Where pixels are computed: `plain` is the readable specification, `cpu` the fast one that must equal it."""
