"""A fake engine: a real process that speaks the protocol, answers by simple rules, and needs no TensorFlow.

Started as ``[python, fake_engine.py, --role, checker|trainer]``. Its rules, so that a test can foretell its answers:

- ``keras.Input(shape=(30,))`` gives ``(None, 30)`` float32 (or the dtype it names).
- ``Dense(n)`` replaces the last size by n and counts (last + 1) * n parameters; ``Flatten`` multiplies; ``Concatenate``
  adds up the last sizes; other merging layers want equal shapes; every other layer gives what it gets.
- A ``Dense`` of fewer than 1 unit, and a merge that does not fit, are problems; what takes them is blocked by them.
- A training has EPOCHS (else 3) epochs of 5 batches; after batch n the loss is 1/n, the accuracy 1 - 1/n. A script that
  holds ``FAIL`` fails in its line, ``DIVERGE`` diverges at step 3, ``CRASH`` ends the process without a word, ``HANG``
  hangs in its third batch and hears nothing any more. With ``--stamps`` the loss is the time at which the batch ended
  (``time.monotonic``), and points are sent every 50 ms, as the real engine does.
  metrics.csv is written as by the real engine.
- ``--facts PATH`` is the file whose JSON is sent as facts of the installed Keras (else ``{}``), ``--warm-seconds S``
  how long warming takes.
- ``--crash-at-start``, ``--silent`` (says nothing after Hello), ``--batch-seconds S`` (default 0.002),
  ``--beat-seconds S`` between two signs of life (default 1).
- A call with the expression ``CRASH`` ends the process.

It is run by its path, outside any package, and finds ``studio`` beside ``tests``.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import queue
import re
import sys
import threading
import time
from pathlib import Path

# Instead of this folder, whose modules would hide others of the same name.
sys.path[0] = str(Path(__file__).resolve().parents[2])

from studio import protocol  # noqa: E402
from studio.engine.run_folder import write_metrics  # noqa: E402
from studio.protocol import Answer, Call, Message, Shape  # noqa: E402

STEPS_PER_EPOCH = 5
_DTYPE = re.compile(r"dtype=[\"'](\w+)[\"']")


class Fake:
    """The process: a reader thread, and answers from the main thread."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.calls: dict[str, Call] = {}
        self.told: dict[str, Answer] = {}
        self.lock = threading.Lock()

    def main(self) -> None:
        """Say hello and ready, then answer until the input ends."""
        if self.options.crash_at_start:
            os._exit(3)
        threading.Thread(target=self.read, daemon=True).start()
        self.send(protocol.Hello(os.getpid()))
        if self.options.silent:
            threading.Event().wait()
        threading.Thread(target=self.beat, daemon=True).start()
        self.send(protocol.Ready("3.fake", "2.fake", ("CPU:0",), 0.0))
        while True:
            self.answer(self.inbox.get())

    def send(self, message: Message) -> None:
        with self.lock:
            os.write(1, protocol.encode(message))

    def read(self) -> None:
        lines = protocol.LineBuffer()
        while chunk := os.read(0, 1 << 16):
            for line in lines.feed(chunk):
                self.inbox.put(protocol.decode(line))
        os._exit(0)

    def beat(self) -> None:
        while True:
            time.sleep(self.options.beat_seconds)
            self.send(protocol.Heartbeat(False))

    def answer(self, message: Message) -> None:
        match message:
            case protocol.UpdateGraph():
                self.update(message)
            case protocol.TryCalls(id=id_, calls=calls):
                answers = infer({**self.calls, **{call.id: call for call in calls}})
                self.send(protocol.Tried(id_, tuple(answers[call.id] for call in calls)))
            case protocol.Docs(id=id_, type=name):
                self.send(protocol.DocsText(id_, name, f"Documentation of {name}."))
            case protocol.Facts(id=id_):
                facts = self.options.facts
                self.send(protocol.FactsText(id_, json.loads(facts.read_text(encoding="utf-8")) if facts else {}))
            case protocol.Warm(id=id_):
                time.sleep(self.options.warm_seconds)
                self.send(protocol.Warmed(id_, 0.0))
            case protocol.Train(run=run):
                self.send(protocol.RunState(run, "waiting"))
                FakeRun(self, message).go()
            case _:
                pass  # a wish for a run that is over

    def update(self, message: protocol.UpdateGraph) -> None:
        if message.reset:
            self.calls, self.told = {}, {}
        for gone in message.remove:
            self.calls.pop(gone, None)
            self.told.pop(gone, None)
        self.calls.update({call.id: call for call in message.set})
        if any(call.expression == "CRASH" for call in self.calls.values()):
            os._exit(3)
        answers = infer(self.calls)
        news = {call_id: answer for call_id, answer in answers.items() if self.told.get(call_id) != answer}
        self.told.update(news)
        self.send(protocol.Inferred(message.id, message.revision, news))


def infer(calls: dict[str, Call]) -> dict[str, Answer]:
    """The answers of all calls, by the rules of the module's docstring."""
    answers: dict[str, Answer] = {}

    def visit(call_id: str, path: tuple[str, ...]) -> Answer:
        if call_id in path:
            return Answer(blocked_by=(call_id,))
        if call_id not in answers:
            answers[call_id] = answer_to(calls[call_id], (*path, call_id))
        return answers[call_id]

    def answer_to(call: Call, path: tuple[str, ...]) -> Answer:
        if call.kind == "object":
            return refused(call.expression)
        if call.kind == "input":
            return source(call.expression)
        taken: list[tuple[Shape, str]] = []
        waits: dict[str, None] = {}
        for _, sources in call.inputs:
            for name, index in sources:
                if name not in calls:
                    waits[call.id] = None
                    continue
                before = visit(name, path)
                roots = (name,) if before.problem else before.blocked_by
                waits.update(dict.fromkeys(roots))
                if not roots:
                    taken.append(before.outputs[min(index, len(before.outputs) - 1)])
        if waits or not taken:
            return Answer(blocked_by=tuple(waits) or (call.id,))
        if call.kind == "output":
            return Answer((taken[0],))
        shared = calls.get(call.shares or "")
        answer = layer(shared.expression if shared else call.expression, taken)
        return Answer(answer.outputs) if shared and answer.outputs else answer

    for call_id in calls:
        visit(call_id, ())
    return answers


def refused(expression: str) -> Answer:
    """Of all objects only an optimizer that cuts gradients in two ways cannot be."""
    is_cut_twice = "clipnorm=" in expression and "clipvalue=" in expression
    return Answer(problem="Keras refuses to cut gradients twice.") if is_cut_twice else Answer()


def source(expression: str) -> Answer:
    """``keras.Input(shape=(2, None), dtype="int32")``."""
    shape = re.search(r"shape=\(([^)]*)\)", expression)
    if shape is None:
        return Answer(problem="An input needs a shape.", details="ValueError: shape")
    sizes = tuple(None if size == "None" else int(size) for size in re.findall(r"-?\d+|None", shape[1]))
    dtype = _DTYPE.search(expression)
    return Answer((((None, *sizes), dtype[1] if dtype else "float32"),))


def layer(expression: str, taken: list[tuple[Shape, str]]) -> Answer:
    """What a layer gives for its inputs."""
    name = expression.partition("(")[0].rpartition(".")[2]
    numbers = [int(number) for number in re.findall(r"-?\d+", expression.partition("(")[2])]
    (shape, dtype), *others = taken
    if name == "Dense":
        units = numbers[0] if numbers else 1
        last = shape[-1]
        if units < 1 or last is None:
            return Answer(problem=f"units has to be a whole number above 0, not {units}.", details="ValueError: units")
        count = last * units + (0 if "use_bias=False" in expression else units)
        return Answer((((*shape[:-1], units), "float32"),), count, count)
    if name == "Flatten":
        sizes = [size for size in shape[1:] if size is not None]
        return Answer((((None, math.prod(sizes)), dtype),))
    if name == "Concatenate":
        if any(other[:-1] != shape[:-1] for other, _ in others):
            return Answer(problem="All sizes but the joined one have to be equal here.", details="ValueError: shapes")
        return Answer((((*shape[:-1], sum(size[-1] or 0 for size, _ in taken)), dtype),))
    if any(other != shape for other, _ in others):
        return Answer(problem=f"{name} needs inputs of equal size.", details="ValueError: shapes")
    return Answer(((shape, dtype),))


class FakeRun:
    """A training that needs no network: the loss after batch n is 1/n."""

    def __init__(self, fake: Fake, train: protocol.Train) -> None:
        self.fake = fake
        self.train = train
        self.run = train.run
        self.is_paused = train.start_paused
        self.is_stopping = False
        self.steps_left = 0
        self.rate = 0.001
        self.held: list[Message] = []
        self.stamped: list[tuple[int, float]] = []
        self.last_sent = 0.0
        self.epochs: list[protocol.EpochEnded] = []

    def go(self) -> None:
        """Do the run to its end."""
        send, run = self.fake.send, self.run
        script = Path(self.train.script).read_text(encoding="utf-8")
        if "CRASH" in script:
            os._exit(3)
        if "FAIL" in script:
            line = next(number for number, text in enumerate(script.splitlines(), 1) if "FAIL" in text)
            send(protocol.RunEnded(run, "failed", "The program stopped with an error.", line, "Traceback ..."))
            return
        found = re.search(r"EPOCHS = (\d+)", script) or re.search(r"epochs=(\d+)", script)
        epochs = int(found[1]) if found else 3
        send(protocol.RunStarted(run, 127, epochs, STEPS_PER_EPOCH, ("loss", "accuracy")))
        send(protocol.RunState(run, "running"))
        self.predict(0)
        self.hold(0)
        step, epoch = 0, 0
        diverges, hangs = "DIVERGE" in script, "HANG" in script
        while not self.is_stopping and epoch < epochs:
            epoch += 1
            started = time.monotonic()
            batch = 0
            while batch < STEPS_PER_EPOCH and not self.is_stopping:
                step, batch = step + 1, batch + 1
                time.sleep(self.fake.options.batch_seconds)
                if hangs and step == 3:
                    threading.Event().wait()
                loss = math.nan if diverges and step == 3 else 1 / step
                if self.fake.options.stamps:
                    self.stamp(step)
                else:
                    send(protocol.Points(run, (step,), {"loss": (loss,), "accuracy": (1 - 1 / step,)}))
                if loss != loss:
                    self.end_epoch(epoch, step, loss, batch, started)
                    sentence = f"The loss became NaN (not a number) at step {step}, in epoch {epoch}."
                    send(protocol.RunEnded(run, "diverged", f"{sentence} Try a learning rate of 0.0001."))
                    return
                if batch < STEPS_PER_EPOCH:
                    self.hold(step)
            self.end_epoch(epoch, step, 1 / step, batch, started)
            if epoch < epochs:
                self.hold(step)
        self.predict(step)
        for message in self.held:
            self.fake.inbox.put(message)
        if self.is_stopping:
            send(protocol.RunEnded(run, "stopped", f"Stopped in epoch {epoch}, after {step} batches."))
        else:
            send(protocol.RunEnded(run, "finished", f"Finished after {epochs} epochs."))

    def stamp(self, step: int) -> None:
        """Note when the batch ended, and send what was noted if the last message is 50 ms ago."""
        now = time.monotonic()
        self.stamped.append((step, now))
        if now - self.last_sent >= 0.05:
            steps, stamps = zip(*self.stamped, strict=True)
            self.fake.send(protocol.Points(self.run, steps, {"loss": stamps}))
            self.stamped, self.last_sent = [], now

    def end_epoch(self, epoch: int, step: int, loss: float, batch: int, started: float) -> None:
        is_partial = batch < STEPS_PER_EPOCH
        logs = {"loss": loss, "accuracy": 1 - loss}
        if not is_partial:
            logs |= {"val_loss": loss * 1.1, "val_accuracy": 1 - loss * 1.1}
        seconds = time.monotonic() - started
        ended = protocol.EpochEnded(self.run, epoch, logs, is_partial, self.rate, seconds, step)
        self.epochs.append(ended)
        write_metrics(Path(self.train.folder), self.epochs)
        self.fake.send(ended)
        self.predict(step)

    def hold(self, step: int) -> None:
        """Heed the window, and wait here while it wants a pause."""
        told = False
        while True:
            while True:
                try:
                    wait = told and not self.steps_left and self.is_paused and not self.is_stopping
                    self.take(self.fake.inbox.get(block=wait))
                except queue.Empty:
                    break
            if self.is_stopping:
                self.fake.send(protocol.RunState(self.run, "stopping"))
                return
            if not self.is_paused or self.steps_left:
                self.steps_left = max(0, self.steps_left - 1)
                if told:
                    self.fake.send(protocol.RunState(self.run, "running"))
                return
            if not told:
                told = True
                self.predict(step)
                self.fake.send(protocol.RunState(self.run, "paused"))

    def take(self, message: Message) -> None:
        match message:
            case protocol.Pause():
                self.is_paused = True
            case protocol.Resume():
                self.is_paused = False
            case protocol.Step():
                self.is_paused = True
                self.steps_left += 1
            case protocol.Stop():
                self.is_stopping = True
            case protocol.SetLearningRate(value=value):
                self.rate = value
            case _:
                self.held.append(message)

    def predict(self, step: int) -> None:
        rows = self.train.watch_rows
        if rows:
            outputs = {"output": tuple((1 - 1 / (step + 1), row / 10) for row in range(rows))}
            inputs = {"input_0": tuple((float(row), 0.0) for row in range(rows))} if step == 0 else {}
            self.fake.send(protocol.Predictions(self.run, step, outputs, inputs))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--role", choices=("checker", "trainer"), default="checker")
    parser.add_argument("--crash-at-start", action="store_true")
    parser.add_argument("--silent", action="store_true")
    parser.add_argument("--stamps", action="store_true")
    parser.add_argument("--facts", type=Path)
    parser.add_argument("--beat-seconds", type=float, default=1.0)
    parser.add_argument("--warm-seconds", type=float, default=0.0)
    parser.add_argument("--batch-seconds", type=float, default=0.002)
    Fake(parser.parse_args()).main()
