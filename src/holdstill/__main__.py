"""``python -m holdstill`` is the command ``holdstill``."""

from holdstill.cli import main

if __name__ == "__main__":
    main()
