"""Code of the person's own in the window: its editor, and the question whether code of others may run.

Nothing here runs code: it is read (``core.snippets``), shown and changed.
"""
