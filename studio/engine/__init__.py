"""The process in which Keras and TensorFlow run; the window starts it by name and talks to it in protocol messages.

Belongs here: inference of shapes, training, facts and documentation of the installed Keras, its errors in plain words.
Does not belong here: the project. The engine receives calls, source text and requests; ten lines of handwritten Python
can drive it, and nothing of ours but ``studio.protocol`` is imported.

Reading order: ``__main__`` (starting), ``wire`` (the conversation), ``checker`` with ``flat``, ``inference`` and
``steps`` (shapes), ``trainer`` with ``training`` and ``reporter`` (learning), ``explanations`` (errors in words).
"""
