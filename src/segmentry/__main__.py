"""``python -m segmentry`` and the ``segmentry`` command."""


def main() -> None:
    """Run the command line."""
    from segmentry.cli import run_main

    run_main()


if __name__ == "__main__":
    main()
