"""The canvas: one widget that paints the open graph from numpy arrays, and the gestures that change it.

Four floors, each usable without the one above, in reading order:

- ``card`` and ``scene``, which has ``edge_rows`` and ``note_rows``: what every node says and where everything is, as
  arrays that follow the project. No Qt.
- ``geometry``: pure functions on those arrays (node at, port at, edge at, band, fit, curves). No Qt.
- ``pictures`` and ``painter``: draw the arrays to any QPainter (canvas, PNG, minimap).
- ``canvas``: the widget; ``stage`` puts together what it shows, ``camera`` holds which part, ``sight`` knows where what
  is drawn stands, ``gestures`` (one mouse interaction per file) change the drawing, ``popups`` and ``furniture`` lie
  over it. ``accessible`` is the same for assistive technology, ``narrator`` tells it what happens.

Belongs here: what is seen and done on the drawing. Does not belong here: rules about drawings (core), other panels.
"""
