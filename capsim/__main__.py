"""``python -m capsim`` is the command line."""

from capsim.cli import main

if __name__ == "__main__":
    main()
