"""Scripts with a model of Keras, read without running any of them.

A small interpreter walks through the script (``interpreter``, ``assigning``, ``expressions``, ``arithmetic``,
``calling``) with plain values and symbolic tensors (``things``) and within limits (``run``, ``constants``). Small
arrays are reckoned with (``arrays``), of data only the sizes are known (``data``), and objects of plain classes live as
in Python (``own_objects``). Functions may be ``decorators`` or ``generators``, tables are walked through as in
Python (``walking``), a command line has its defaults (``options``), and what is said to all of Keras is kept
(``setting_up``).
Layers that a script asks a model for are found in Keras's order (``model_layers``); models are copied (``cloning``) or
applied to every time step (``steps``).
Constructor calls are judged by the catalog (``layers``, of activations ``activations``); functions of the script become
blocks (``routines``), and classes and functions that Keras is given become code of the project (``own_code``,
``own_texts``; for a script that was run ``after_running``); what comes out is drawn (``drawing``, ``training``) unless
it is too much (``nesting``). An edited text changes a drawing (``editing``), whose nodes are found again
(``matching``).
What is not plain code is told with its line.
"""

from typing import TYPE_CHECKING

from studio.late import names_from

if TYPE_CHECKING:
    from studio.importing.script.after_running import own_code_in
    from studio.importing.script.editing import Edited, edited
    from studio.importing.script.reading import read_script
    from studio.importing.script.texts import notebook_text, script_text

_HOMES = {"Edited": "editing", "edited": "editing", "own_code_in": "after_running", "read_script": "reading"}
_HOMES |= {"notebook_text": "texts", "script_text": "texts"}
__getattr__ = names_from(__name__, _HOMES)

__all__ = ["Edited", "edited", "notebook_text", "own_code_in", "read_script", "script_text"]
