"""Taking the code away: what is written where and how, and the proof that it is what was drawn.

Here: the dialog and what runs beside it. Not here: writing files (``gui.files``); a proof itself is
``workbench.proof``.
"""
