"""The contracts as test classes: inherit one, give its fixtures, and a part is held to its promises."""
