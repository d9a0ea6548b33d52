"""``python -P -m studio.engine --role checker|trainer``: an engine that talks on its standard input and output."""

from __future__ import annotations

import os


def claim_output() -> int:
    """Keep descriptor 1 for the protocol alone; whatever prints from now on prints to the log (descriptor 2)."""
    descriptor = os.dup(1)
    os.dup2(2, 1)
    return descriptor


if __name__ == "__main__":
    # The first act, before any import that might print: one stray byte would corrupt the conversation.
    protocol_output = claim_output()
    from studio.engine.process import main

    main(protocol_output)
