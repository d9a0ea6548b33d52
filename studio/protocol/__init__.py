"""The conversation between window and engine: messages as values, one JSON object per line.

Belongs here: the message types, their text form, cutting a byte stream into lines. Does not belong here: processes,
Qt, Keras, or any opinion about what a message means. Standard library only.
"""

from typing import TYPE_CHECKING

from studio.late import names_from
from studio.protocol.calls import Answer, Call, CallPort, Piece, Shape
from studio.protocol.lines import MAX_LINE_BYTES, LineBuffer, ProtocolError

if TYPE_CHECKING:
    from studio.protocol.codec import decode, encode
    from studio.protocol.measures import Measure, Measured, Measuring
    from studio.protocol.messages import (
        PROTOCOL_VERSION,
        Building,
        CancelBuilding,
        Docs,
        DocsText,
        EpochEnded,
        Expand,
        Expanded,
        Facts,
        FactsText,
        Failed,
        Forget,
        Heartbeat,
        Hello,
        Inferred,
        Message,
        OwnCode,
        Pause,
        Points,
        Predictions,
        Prove,
        Proved,
        Ready,
        Resume,
        RunEnded,
        RunStarted,
        RunState,
        SetLearningRate,
        Step,
        Stop,
        Train,
        Tried,
        TryCalls,
        UpdateGraph,
        Warm,
        Warmed,
    )

__all__ = [
    "MAX_LINE_BYTES",
    "PROTOCOL_VERSION",
    "Answer",
    "Building",
    "Call",
    "CallPort",
    "CancelBuilding",
    "Docs",
    "DocsText",
    "EpochEnded",
    "Expand",
    "Expanded",
    "Facts",
    "FactsText",
    "Failed",
    "Forget",
    "Heartbeat",
    "Hello",
    "Inferred",
    "LineBuffer",
    "Measure",
    "Measured",
    "Measuring",
    "Message",
    "OwnCode",
    "Pause",
    "Piece",
    "Points",
    "Predictions",
    "ProtocolError",
    "Prove",
    "Proved",
    "Ready",
    "Resume",
    "RunEnded",
    "RunStarted",
    "RunState",
    "SetLearningRate",
    "Shape",
    "Step",
    "Stop",
    "Train",
    "Tried",
    "TryCalls",
    "UpdateGraph",
    "Warm",
    "Warmed",
    "decode",
    "encode",
]

# What else there is are the messages: thirty types, which a window needs when it starts its engines.
_HOMES = dict.fromkeys(__all__, "messages") | {"decode": "codec", "encode": "codec"}
_HOMES |= dict.fromkeys(("Measure", "Measured", "Measuring"), "measures")
__getattr__ = names_from(__name__, _HOMES)
