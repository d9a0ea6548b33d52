"""One mouse interaction per file. Each starts at a press, may be cancelled at any time, and ends in at most one step.

``press`` decides which one starts. A gesture changes the scene's arrays while it lasts and the project only when it is
done, so cancelling is putting the arrays back.
"""
