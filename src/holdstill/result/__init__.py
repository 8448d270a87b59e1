"""The result of a registration: a value, its files, its report."""
