"""The panels around the canvas of the Design workspace: palette, outline, history; inspector; code, problems, changes.

Each takes a ``Session`` and follows its signals; none knows another panel or the window. What a panel cannot do by
itself leaves it as a ``..._requested`` signal. ``plain`` has the few ways in which panels show text that a stranger
may have written.
"""
