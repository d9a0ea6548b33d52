"""The window: panels, canvas, theme and icons, made of PySide6 and pyqtgraph.

Belongs here: everything that is seen or clicked. Does not belong here: rules about drawings (core), Keras (engine).
Wishes leave a panel as ``..._requested`` signals or as edits given to the ``Session``; facts come in as its signals.
"""
