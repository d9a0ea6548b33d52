"""What the window and the command line both do with a project, without Qt: infer, prepare runs, start engines.

Belongs here: what joins core, code, data and the protocol into one act. Does not belong here: processes with an event
loop (each side has its own), anything that paints or prints.
"""
