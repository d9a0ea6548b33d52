"""The one way in: ``python3 -m studio`` from a bare checkout, ``layer-studio`` when installed.

Only the standard library may be imported here, and the syntax stays that of Python 3.7, so that an older Python gives
a sentence and not a SyntaxError.
"""

import os
import sys


def main(arguments: "list[str] | None" = None) -> int:
    """Do what the command line asks for and return the exit code. What is missing is set up first."""
    try:
        return _start(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        print("layer-studio: stopped.", file=sys.stderr)
        return 130


def _start(arguments: "list[str]") -> int:
    from studio import bootstrap

    try:
        code = bootstrap.start(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except bootstrap.CannotStart as problem:
        print("layer-studio: {}".format(problem), file=sys.stderr)  # noqa: UP032
        return 2
    except OSError as error:
        # Our output cannot be written: its reader went away (`layer-studio examples | head -1`) or the disk is full.
        # What Python still holds for it must not fail once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if not isinstance(error, BrokenPipeError):
            print("layer-studio: {}".format(error.strerror or error), file=sys.stderr)  # noqa: UP032
        return 1


if __name__ == "__main__":
    sys.exit(main())
