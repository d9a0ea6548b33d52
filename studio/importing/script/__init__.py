"""Scripts with a model of Keras, read without running any of them.

A small interpreter walks through the script (``interpreter``, ``expressions``, ``calling``) with plain values and
symbolic tensors (``things``) and within limits (``run``, ``constants``). Constructor calls are judged by the catalog
(``layers``); functions of the script become blocks (``routines``); what comes out is drawn (``drawing``, ``training``).
What is not plain code is told with its line.
"""

from studio.importing.script.editing import Edited, edited
from studio.importing.script.reading import model_names, read_script
from studio.importing.script.texts import notebook_text, script_text

__all__ = ["Edited", "edited", "model_names", "notebook_text", "read_script", "script_text"]
