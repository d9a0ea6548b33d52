"""The inspector: everything about what is selected, and the forms in which it is changed.

``ParameterForm`` edits any list of catalog parameters and is used for optimizers and callbacks as well. Every change is
one edit given to the session, at once and undoable; text that is no value stays in its field with the reason below it
and changes nothing.
"""

from studio.gui.panels.inspector.form import ParameterForm
from studio.gui.panels.inspector.panel import InspectorPanel

__all__ = ["InspectorPanel", "ParameterForm"]
