"""``python -m bot`` is ``newsieve``."""

from bot.cli import main

if __name__ == "__main__":
    main()
