"""The project as a value: graphs, edits, undo, rules, topology. No Qt, no Keras, no files.

Belongs here: what is true of a drawing whether or not a window shows it. Does not belong here: pixels, file formats,
source code, anything that Keras can tell better.
"""
