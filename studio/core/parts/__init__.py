"""Find repeated parts: sub-graphs that come again and again become blocks with parameters, and their places uses.

``find_parts`` proposes; ``Found.chosen`` gives the project with those that a person wants. All of it is pure, can be
stopped at any time, and takes polynomial time. How it works, in reading order: ``line`` puts the nodes of a graph into
one line, so that a repeated part is the same stretch of it twice; ``stretches`` finds the stretch whose block would
save the most lines, which ``cost`` estimates; ``columns`` tells which of its values become parameters, ``prefixes``
how its layers keep their names; ``making`` puts block and uses in the place of the nodes; ``find`` does this again
until nothing is saved, ``letters`` then tells blocks of one kind apart, and ``counting`` numbers what is left.
"""

from studio.core.parts.find import Found, Part, Stopped, find_parts

__all__ = ["Found", "Part", "Stopped", "find_parts"]
