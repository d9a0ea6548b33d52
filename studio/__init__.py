"""Layer Studio: draw neural networks, see their shapes, read their code, watch them learn.

The map of the program, in a good reading order. A package imports only from those above it; the contracts that hold
this are in ``pyproject.toml``.

===============  =======================================================================================================
``catalog``      which layers, losses, optimizers and other classes Keras has, as data: facts and our own words
``core``         the project as a value: graphs, edits, undo, rules, fixes, repeated parts; start with ``core.project``;
                 ``core.snippets`` reads code of the person's own, which ``workbench.consent`` lets run
``storage``      project files and autosaves: strict reading, atomic writing
``codegen``      project -> Python, with the lines of every node; the flat calls from which shapes are inferred
``data``         data sets: what columns they have, previews, how rows are split
``layout``       where nodes stand and edges run, as plain numbers
``importing``    models of Keras, as files or scripts -> project: by an allow-list reader, and without running them
``protocol``     the messages between window and engine; standard library only
``engine``       a process of its own, the only place where Keras runs: infers shapes, trains, measures, and runs what a
                 person let run. Nobody imports it
``workbench``    what window and command line both do, without Qt: infer, runs, export and proof, gallery, block library
``cli``          the command line, one verb per module
``gui``          the window: ``gui.app`` starts it, ``gui.window`` puts it together, ``gui.session`` is what all panels
                 look at, ``gui.canvas`` paints and edits the drawing
===============  =======================================================================================================

``__main__``, ``bootstrap``, ``machine`` and ``set_up`` get from a bare checkout to a running program; ``assets`` knows
where ``resources`` lie and reads their tables; ``late`` lets a package load its parts when they are asked for;
``immutable`` is what the values are that everything is made of.
"""
