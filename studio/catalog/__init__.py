"""Which layers, losses, optimizers, metrics and callbacks exist, as data. Facts come from Keras, words from us.

Facts (``resources/catalog/facts.json``) are read off the installed Keras by ``studio.engine.facts``; words
(``resources/catalog/*.toml``) are written by hand. Belongs here: what a class is called, what its parameters mean and
which values they take. Does not belong here: whether a drawing makes sense, shapes, source code.
"""

from studio.catalog.catalog import Catalog, load

__all__ = ["Catalog", "load"]
