"""``main`` and what it needs where a script trains on more than one device.

Every way trains to the losses of one device. Each batch of BATCH_SIZE rows is divided among the devices, so neither
the learning rate nor the number of steps changes. ``core.runs_on`` says which ways there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studio.codegen import stored_weights
from studio.codegen.embedded import function_text
from studio.codegen.ir import Argument, Assign, Code, Function, Lines, Statement
from studio.core.project import RunsOn
from studio.immutable import immutable

WORKERS = 2
"""So many workers a script for Ray begins with; a person changes the number in the script."""

NAMES: Mapping[RunsOn, tuple[str, ...]] = {
    "device": (),
    "host": ("tf", "all_devices", "build_variables"),
    "hosts": ("tf", "build_variables", "mend_logs", "on_one_device"),
    "ray": ("os", "tf", "WORKERS", "build_variables", "mend_logs", "on_one_device", "train_worker"),
    "jax": ("os", "place", "on_one_device"),
}
"""What such a script calls its own, beside what every script has."""

_ALONE = '''\
def on_one_device(model, data):
    """The trained model on one device, so that one process can save it and ask it."""
    keras.utils.clear_session(free_memory=False)
    alone = build_model()
    compile_model(alone)
    alone.set_weights(model.get_weights())
    return alone'''
_ALONE_ADAPTED = _ALONE.replace("alone)\n", "alone)\n    adapt_layers(alone, data)\n", 1)

_HOSTS = """
On every computer tell which one it is, then start the script there:
TF_CONFIG='{"cluster": {"worker": ["host0:2222", "host1:2222"]}, "task":
            {"type": "worker", "index": 0}}'"""
_JAX = """
On every computer tell which one it is, then start the script there:
KERAS_DISTRIBUTION_JOB_ADDRESSES=host0:2222 (where the first of them is),
KERAS_DISTRIBUTION_NUM_PROCESSES=2, KERAS_DISTRIBUTION_PROCESS_ID=0.
Without them all devices of one computer train."""


@immutable
class Ending:
    """What stands in ``main`` around the training. ``part`` of the data judges the model.

    ``has_stored`` tells that the model begins with the weights of a file.
    """

    has_adapted: bool
    part: int
    has_weights: bool = False
    has_stored: bool = False

    @property
    def begin(self) -> list[str]:
        """Making the model."""
        adapt = ["adapt_layers(model, data)"] * self.has_adapted
        stored = [stored_weights.CALL] * self.has_stored
        return ["model = build_model()", *stored, "compile_model(model)", *adapt]

    @property
    def judging(self) -> tuple[str, str]:
        """The rows that judge the trained model, and how it is judged by them."""
        if self.has_weights:
            judged = "model.evaluate(x, y, sample_weight=weights, verbose=0, return_dict=True)"
            return f"x, y, weights = data[{self.part}]", judged
        return f"x, y = data[{self.part}]", "model.evaluate(x, y, verbose=0, return_dict=True)"

    @property
    def end(self) -> list[str]:
        """Saving the model and showing what it learned."""
        rows, judged = self.judging
        return [
            'model.save("model.keras")',
            "",
            rows,
            f"print({judged})",
            "show_predictions(model, x, y)",
            "plot_curves(history)",
        ]


def imports(runs_on: RunsOn) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Imports of the standard library and others."""
    standard = ("import os",) if "os" in NAMES[runs_on] else ()
    return standard, ("import tensorflow as tf",) if "tf" in NAMES[runs_on] else ()


def environment(runs_on: RunsOn) -> tuple[str, ...]:
    """What has to stand before Keras is imported."""
    return ('os.environ["KERAS_BACKEND"] = "jax"',) if runs_on == "jax" else ()


def constants(runs_on: RunsOn) -> list[Statement]:
    """The numbers of such a script that people change first."""
    return [Assign(("WORKERS",), Code(str(WORKERS)))] if runs_on == "ray" else []


def functions(runs_on: RunsOn, ending: Ending) -> tuple[Function, ...]:
    """The functions of such a script, ``main`` the last of them."""
    carried = [
        Function(name, text=function_text("devices.py", name) or "")
        for name in ("all_devices", "build_variables", "mend_logs")
        if name in NAMES[runs_on]
    ]
    if "on_one_device" in NAMES[runs_on]:
        carried.append(Function("on_one_device", text=_ALONE_ADAPTED if ending.has_adapted else _ALONE))
    show = "Load the data, build the model, train it, save it and show what it learned."
    if runs_on == "ray":
        carried.append(_function("train_worker", "What each worker does; the first one saves and shows the model.", [
            'os.chdir(config["folder"])', *_workers(ending),
        ], "config"))  # fmt: skip
        lines = [
            "import ray",
            "from ray.train import ScalingConfig",
            "from ray.train.tensorflow import TensorflowTrainer",
            "",
            "ray.init(ignore_reinit_error=True)",
            'has_gpus = ray.cluster_resources().get("GPU", 0) >= WORKERS',
            "trainer = TensorflowTrainer(",
            "    train_worker,",
            '    train_loop_config={"folder": os.getcwd()},',
            "    scaling_config=ScalingConfig(num_workers=WORKERS, use_gpu=has_gpus),",
            ")",
            "trainer.fit()",
        ]
        carried.append(_function("main", "Let Ray start the workers; all of them must reach this folder.", lines))
    elif runs_on == "hosts":
        carried.append(_function("main", f"{show}\n{_HOSTS}", _workers(ending)))
    elif runs_on == "jax":
        carried.append(_function("main", f"{show}\n{_JAX}", [
            'if "KERAS_DISTRIBUTION_JOB_ADDRESSES" in os.environ:',
            "    keras.distribution.initialize()",
            "devices = keras.distribution.DataParallel(auto_shard_dataset=False)",
            "keras.distribution.set_distribution(devices)",
            "keras.utils.set_random_seed(SEED)",
            "data = load_data()",
            *ending.begin,
            "history = train(model, data)",
            "if place()[0] > 0:",
            "    return  # the first process saves and shows",
            "keras.distribution.set_distribution(None)",
            "model = on_one_device(model, data)",
            *ending.end,
        ]))  # fmt: skip
    else:
        carried.append(_function("main", show, [*_main_on_host(runs_on, ending), *ending.end]))
    return tuple(carried)


def _main_on_host(runs_on: RunsOn, ending: Ending) -> list[str]:
    """The lines of ``main`` up to the training where one process does it."""
    begin = ["keras.utils.set_random_seed(SEED)", "data = load_data()"]
    if runs_on == "host":
        made = [*ending.begin, "build_variables(model, data)"]
        begin += ["with all_devices().scope():", *[f"    {line}" for line in made]]
    else:
        begin += ending.begin
    return [*begin, "history = train(model, data)"]


def _workers(ending: Ending) -> list[str]:
    made = [*ending.begin, "build_variables(model, data)"]
    return [
        "# Before anything else: TensorFlow connects the workers only then.",
        "workers = tf.distribute.MultiWorkerMirroredStrategy()",
        "mend_logs()",
        "keras.utils.set_random_seed(SEED)",
        "data = load_data()",
        "with workers.scope():",
        *[f"    {line}" for line in made],
        "history = train(model, data)",
        "if workers.cluster_resolver.task_id:",
        "    return  # the first worker saves and shows",
        "model = on_one_device(model, data)",
        *ending.end,
    ]


def _function(name: str, docstring: str, lines: Sequence[str], *parameters: str) -> Function:
    return Function(name, tuple(Argument(Code(each)) for each in parameters), docstring, (Lines(tuple(lines)),))
