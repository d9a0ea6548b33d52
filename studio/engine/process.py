"""The life of an engine process: say hello, import Keras, say ready, then do what its role is."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import time
from typing import Literal

from studio import protocol
from studio.engine.control import RunControls
from studio.engine.wire import Wire

Role = Literal["checker", "trainer"]

_PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>


def main(output: int) -> None:
    """Run an engine that sends on the descriptor ``output``. Returns never: the end of input ends the process."""
    parser = argparse.ArgumentParser(prog="python -m studio.engine")
    parser.add_argument("--role", choices=("checker", "trainer"), default="checker")
    role: Role = parser.parse_args().role

    parent = os.getppid()
    # Ctrl+C in a terminal reaches the whole group: what it means is for the window to decide.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wire = Wire(output)
    controls = RunControls()
    if role == "trainer":
        wire.intercept = controls.intercept
    wire.start()
    wire.send(protocol.Hello(os.getpid()))
    _die_with_parent(parent)
    _settle_environment(role)
    wire.is_busy = True
    wire.send(_import_keras())
    wire.is_busy = False

    # Only now: these modules import Keras.
    if role == "checker":
        from studio.engine import checker

        checker.serve(wire)
    else:
        from studio.engine import trainer

        trainer.serve(wire, controls)


def _settle_environment(role: Role) -> None:
    """What has to be set before Keras is imported.

    Nothing here may change a number that a training gives: the exported file, run by plain Python, has to give the
    same losses digit for digit.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if role == "checker":
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # shapes need no graphics card, and its memory is the trainer's


def _import_keras() -> protocol.Ready:
    started = time.monotonic()
    import keras
    import tensorflow

    # The imports leave some 200,000 objects that live for ever; frozen, they cost no full collection 100 ms again.
    gc.collect()
    gc.freeze()
    devices = tuple(":".join(device.name.split(":")[-2:]) for device in tensorflow.config.list_logical_devices())
    return protocol.Ready(keras.__version__, tensorflow.__version__, devices, time.monotonic() - started)


def _die_with_parent(parent: int) -> None:
    """On Linux the kernel itself ends us with the thread that started us: the end of input can come late under load."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(0)
