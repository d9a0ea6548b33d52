"""Data sources as descriptions: what columns and shapes a source has, what its rows look like, how they are split.

Belongs here: everything that reads a table or arrays for people to look at and choose from, and the list of the data
sets that the program brings along. Does not belong here: the code that a model is trained with (``codegen`` writes
it; the split and the made-up sets are shared with it as text in ``resources/datasets``), Qt, Keras.

Reading order: ``sets`` (what there is), ``csv_table`` and ``npz_arrays`` (files to cells), ``reading`` (cells to
columns), ``sources`` (descriptions to readings, cached), ``choosing``, ``rows``, ``checking``.
Pandas is never imported here: the window starts without it.
"""

from studio.data.checking import check, scale_hint
from studio.data.choosing import choose, is_usable, possible_kinds, renew, with_kind
from studio.data.errors import DataError
from studio.data.rows import (
    PARTS,
    Table,
    cells,
    chosen_columns,
    class_counts,
    format_number,
    pictures,
    preview,
    split_indices,
)
from studio.data.sets import BundledSet, MadeSet, Parameter, bundled, made
from studio.data.sources import SUFFIXES, bring_beside, file_path, is_quick, pick, read

__all__ = [
    "PARTS",
    "SUFFIXES",
    "BundledSet",
    "DataError",
    "MadeSet",
    "Parameter",
    "Table",
    "bring_beside",
    "bundled",
    "cells",
    "check",
    "choose",
    "chosen_columns",
    "class_counts",
    "file_path",
    "format_number",
    "is_quick",
    "is_usable",
    "made",
    "pick",
    "pictures",
    "possible_kinds",
    "preview",
    "read",
    "renew",
    "scale_hint",
    "split_indices",
    "with_kind",
]
