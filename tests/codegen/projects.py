"""The drawings of which the golden files are the code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from studio import catalog, data
from studio.catalog.values import KerasObject, ParameterRef
from studio.core import edits
from studio.core.project import Block, BlockParameter, OutputPlan, Project, Split, TrainingPlan
from tests.support.graphs import graph, node_id

CATALOG = catalog.load()


def draw(title: str, text: str, project: Project | None = None) -> Project:
    return replace(graph(text, catalog=CATALOG, project=project), title=title)


def bundled(project: Project, name: str, *, features: tuple[str, ...] = (), targets: tuple[str, ...] = ()) -> Project:
    source = data.choose("bundled", name)
    if features or targets:
        source = replace(source, features=features or source.features, targets=targets or source.targets)
    return edits.set_data(project, source)


def truth_table() -> Project:
    project = draw(
        "Truth table",
        """
        switches:Input -> hidden_1:Dense(units=10, activation="relu") -> hidden_2:Dense(units=5, activation="relu")
        hidden_2 -> answers:Dense(units=2, activation="sigmoid") -> labels:Output
        """,
    )
    project = edits.set_data(project, data.choose("made", "truth_table"))
    plan = TrainingPlan(KerasObject("Adam", {"learning_rate": 0.01}), epochs=30, seed=1)
    return edits.set_training(edits.set_split(project, Split(validation=0.0)), plan)


def two_branches() -> Project:
    project = draw(
        "Two branches",
        """
        measurements:Input -> normalization:Normalization
        normalization -> b1_l1:Dense(units=10, activation="relu") -> b1_l2:Dense(units=10, activation="relu")
        b1_l2 -> b1_l3:Dense(units=10, activation="relu")
        normalization -> b2_l1:Dense(units=3, activation="relu") -> b2_l2:Dense(units=3, activation="relu")
        b2_l2 -> b2_l3:Dense(units=3, activation="relu")
        b1_l3 & b2_l3 -> m1_l1:Concatenate -> m1_l2:Dense(units=5, activation="relu")
        m1_l2 -> dense:Dense(units=1, activation="sigmoid") -> diagnosis:Output
        """,
    )
    return bundled(project, "breast_cancer")


def small_cnn() -> Project:
    project = draw(
        "Small CNN",
        """
        image:Input -> rescaling:Rescaling
        rescaling -> conv2d:Conv2D(filters=16, kernel_size=(3, 3), activation="relu") -> max_pooling2d:MaxPooling2D
        max_pooling2d -> conv2d_1:Conv2D(filters=32, kernel_size=(3, 3), activation="relu") -> pool:MaxPooling2D
        pool -> flatten:Flatten -> dropout:Dropout(rate=0.5) -> dense:Dense(units=10, activation="softmax")
        dense -> digit:Output
        """,
    )
    project = edits.set_param(project, node_id(project, "rescaling"), "scale", 1 / 255)
    project = edits.set_note(
        project, node_id(project, "dropout"), "Half of the values are set to 0,\nin training only."
    )
    plan = TrainingPlan(
        epochs=10,
        batch_size=64,
        callbacks=(
            KerasObject("EarlyStopping", {"patience": 3, "restore_best_weights": True}),
            KerasObject("ReduceLROnPlateau", {"factor": 0.5, "patience": 2}),
        ),
    )
    return edits.set_training(edits.set_split(bundled(project, "mnist5k"), Split(0.2, 0.1)), plan)


def penguins() -> Project:
    project = draw(
        "Penguins",
        """
        size:Input -> normalization:Normalization -> dense:Dense(units=16, activation="relu")
        island:Input -> embedding:Embedding(input_dim=3, output_dim=2) -> flatten:Flatten
        dense & flatten -> concatenate:Concatenate -> dense_1:Dense(units=16, activation="relu")
        dense_1 -> species_scores:Dense(units=3, activation="softmax") -> species:Output
        dense_1 -> weight:Dense(units=1) -> body_mass_g:Output
        """,
    )
    project = bundled(
        project,
        "penguins",
        features=("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "island"),
        targets=("species", "body_mass_g"),
    )
    project = edits.bind(project, node_id(project, "size"), ("bill_length_mm", "bill_depth_mm", "flipper_length_mm"))
    plan = OutputPlan(weight=0.000001)
    return edits.set_output_plan(project, node_id(project, "body_mass_g"), plan)


def weighted_rows() -> Project:
    project = draw(
        "Weighted rows",
        """
        size:Input -> normalization:Normalization -> dense:Dense(units=16, activation="relu")
        dense -> scores:Dense(units=3, activation="softmax") -> species:Output
        """,
    )
    features = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm")
    project = bundled(project, "penguins", features=features, targets=("species",))
    project = edits.set_split(project, Split(validation=0.2, test=0.2))
    plan = OutputPlan(weighted_metrics=(KerasObject("SparseCategoricalAccuracy", {"name": "accuracy"}),))
    project = edits.set_output_plan(project, node_id(project, "species"), plan)
    return edits.set_sample_weights(project, "body_mass_g")


def twins() -> Project:
    project = draw(
        "Twins",
        """
        sepal:Input -> encoder:Dense(units=8, activation="relu")
        petal:Input
        """,
    )
    project = edits.share(project, node_id(project, "encoder"), 0, 0)
    second = f"n{project.next_id - 1}"
    project = edits.rename(project, second, "encoder_again")
    project = draw(
        "Twins",
        """
        petal -> encoder_again
        encoder & encoder_again -> subtract:Subtract -> dense:Dense(units=3) -> species:Output
        """,
        project,
    )
    project = bundled(project, "iris")
    project = edits.bind(project, node_id(project, "sepal"), ("sepal_length_cm", "sepal_width_cm"))
    return edits.bind(project, node_id(project, "petal"), ("petal_length_cm", "petal_width_cm"))


def listed() -> Project:
    """Two Inputs that go in as a list, in another order than that of their names."""
    project = twins()
    training = replace(project.training, are_inputs_listed=True)
    return replace(project, title="Listed", training=training)


def with_words() -> Project:
    """Numbers and texts that go in as a list; both kinds of layers learn from the data."""
    project = draw(
        "With words",
        """
        size:Input -> scaled:Normalization -> all:Concatenate -> dense:Dense(units=8, activation="relu")
        island:Input -> known:StringLookup(max_tokens=6, output_mode="multi_hot", pad_to_max_tokens=True) -> all
        dense -> scores:Dense(units=3, activation="softmax") -> species:Output
        """,
    )
    project = bundled(project, "penguins")
    for name, columns in (("size", ("bill_length_mm", "bill_depth_mm")), ("island", ("island",))):
        project = edits.bind(project, node_id(project, name), columns)
    project = edits.bind(project, node_id(project, "species"), ("species",))
    return replace(project, training=replace(project.training, are_inputs_listed=True))


def residual_blocks() -> Project:
    project = draw("", "x:Input -> a:Dense(activation='relu') -> b:Dense -> add:Add -> relu:ReLU -> y:Output; x -> add")
    inside = project.main
    block = Block("b1", "residual", inside, (BlockParameter("units", 16),))
    project = replace(project, main=type(inside)(), blocks={"b1": block})
    for name in ("a", "b"):
        project = edits.set_param(project, node_id(project, name, "b1"), "units", ParameterRef("units"), graph="b1")
    project = draw(
        "Residual blocks",
        """
        wine:Input -> batch_normalization:BatchNormalization -> dense:Dense(units=16)
        dense -> first:residual -> second:residual -> dense_1:Dense(units=8) -> third:residual(units=8)
        third -> scores:Dense(units=3, activation="softmax") -> cultivar:Output
        """,
        project,
    )
    return bundled(project, "wine")


def stages() -> Project:
    """A table of stages, then the same block over and over, with another that breaks the run."""
    project = draw("", "x:Input -> a:Dense(activation='relu') -> b:Dropout -> y:Output")
    inside = project.main
    block = Block("b1", "stage", inside, (BlockParameter("units", 16), BlockParameter("rate", 0.1)))
    project = replace(project, main=type(inside)(), blocks={"b1": block})
    project = edits.set_param(project, node_id(project, "a", "b1"), "units", ParameterRef("units"), graph="b1")
    project = edits.set_param(project, node_id(project, "b", "b1"), "rate", ParameterRef("rate"), graph="b1")
    project = draw(
        "Stages",
        """
        wine:Input -> batch_normalization:BatchNormalization -> s1:stage(units=64, rate=0.3)
        s1 -> s2:stage(units=48, rate=0.3) -> s3:stage(units=32, rate=0.2) -> s4:stage -> s5:stage(units=12)
        s5 -> layer_normalization:LayerNormalization -> t1:stage -> t2:stage -> t3:stage -> t4:stage
        t4 -> gaussian_noise:GaussianNoise -> u1:stage(units=10) -> u2:stage(units=9) -> u3:stage(units=8)
        u3 -> v1:LayerNormalization -> w1:stage(units=9) -> w2:stage(units=8)
        w2 -> scores:Dense(units=3, activation="softmax") -> cultivar:Output
        """,
        project,
    )
    return bundled(project, "wine")


def sunspots() -> Project:
    project = draw(
        "Sunspots",
        """
        year:Input -> rescaling:Rescaling(scale=0.001) -> reshape:Reshape(target_shape=(1, 1))
        reshape -> lstm:LSTM(units=16, return_state=True)
        lstm & lstm.state_h & lstm.state_c -> concatenate:Concatenate -> dense:Dense(units=1) -> sunspots:Output
        """,
    )
    return edits.set_split(bundled(project, "sunspots"), Split(0.2, 0.1, shuffle=False))


def skips() -> Project:
    project = draw(
        "Skips",
        """
        point:Input -> dense:Dense(units=8, activation="relu")
        dense -> dense_1:Dense(units=8, activation="relu") -> dense_2:Dense(units=8)
        dense & dense_2 -> add:Add -> re_lu:ReLU -> dense_3:Dense(units=8, activation="relu")
        dense_3 & re_lu -> add_1:Add
        add_1 -> dense_4:Dense(units=1, activation="sigmoid") -> label:Output
        """,
    )
    return edits.set_data(project, data.choose("made", "moons"))


def half_drawn() -> Project:
    return draw(
        "Half drawn",
        """
        picture:Input(shape=(8, 8, 1)) -> conv2d:Conv2D(filters=4) -> flatten:Flatten
        dense:Dense(units=3) -> lost:Dense(units=3) -> answer:Output
        """,
    )


PROJECTS: dict[str, Callable[[], Project]] = {
    function.__name__: function
    for function in (
        truth_table, two_branches, small_cnn, penguins, weighted_rows, twins, listed, residual_blocks, stages, sunspots,
        skips, half_drawn,
    )
}  # fmt: skip
