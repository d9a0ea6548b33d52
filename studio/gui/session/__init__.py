"""One open project and everything derived from it: the value that all panels look at, without widgets.

Belongs here: the document with selection and open graph, the checker's answers, problems, the code. Does not belong
here: anything that paints.
"""

from studio.gui.session.session import Session

__all__ = ["Session"]
