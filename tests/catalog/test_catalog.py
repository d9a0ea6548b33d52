"""The catalog as shipped: facts and words together."""

from __future__ import annotations

import json
import re
from typing import Any, cast, get_args

import pytest

from studio.assets import resource
from studio.catalog import Catalog, load
from studio.catalog.reading import read_words
from studio.catalog.spec import FAMILIES, LayerSpec, ObjectKind, ObjectSpec, Parameter, ParameterKind
from studio.catalog.values import KerasObject, Value

CATALOG = load()
KINDS: tuple[ObjectKind, ...] = get_args(ObjectKind)
LAYERS = [*CATALOG.layers.values(), *CATALOG.cells.values(), *CATALOG.operations.values()]
OBJECTS = [(kind, spec) for kind in KINDS for spec in CATALOG.objects(kind).values()]
PARAMETERS = [
    *((spec.type, parameter) for spec in LAYERS for parameter in spec.parameters),
    *((f"{kind} {spec.type}", parameter) for kind, spec in OBJECTS for parameter in spec.parameters),
]

# The layers that work completely, with words of our own (issue A).
OWN = [
    "Input", "Output", "Dense", "Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Dropout",
    "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout", "GaussianDropout", "GaussianNoise",
    "ActivityRegularization", "BatchNormalization", "LayerNormalization", "Flatten", "Reshape", "Permute",
    "RepeatVector", "Rescaling", "Normalization", "Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose",
    "Conv3DTranspose", "SeparableConv1D", "SeparableConv2D", "DepthwiseConv1D", "DepthwiseConv2D", "Embedding",
    "SimpleRNN", "LSTM", "GRU", "Concatenate", "Average", "Maximum", "Minimum", "Add", "Subtract", "Multiply", "Dot",
    *(name for name in CATALOG.layers if re.search(r"Pooling\dD$|^ZeroPadding|^Cropping|^UpSampling", name)),
]  # fmt: skip


def parameter(layer: str, name: str) -> Parameter:
    spec = CATALOG.layer(layer)
    assert spec is not None
    found = spec.parameter(name)
    assert found is not None
    return found


def test_all_of_keras_is_there() -> None:
    assert len(CATALOG.layers) > 120
    assert set(CATALOG.cells) == {"LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells", "Sequential"}
    assert all(CATALOG.objects(kind) for kind in KINDS if kind != "function")  # functions are code of one's own
    assert all(left.reason.endswith(".") for left in CATALOG.left_out)
    assert not {left.type for left in CATALOG.left_out} & set(CATALOG.layers)


def test_several_layers_in_a_row_can_stand_where_any_layer_can() -> None:
    wrapped = CATALOG.layers["TimeDistributed"].parameter("layer")
    assert wrapped is not None
    assert "Sequential" in [spec.type for spec in CATALOG.fitting(wrapped)]
    assert "Sequential" not in CATALOG.layers


@pytest.mark.parametrize("spec", LAYERS, ids=lambda spec: spec.type)
def test_every_layer_has_a_family_and_ports(spec: LayerSpec) -> None:
    assert spec.family in FAMILIES
    assert spec.inputs or spec.type == "Input"
    assert spec.outputs or spec.type == "Output"
    names = [parameter.name for parameter in spec.parameters]
    assert len(names) == len(set(names))
    assert "name" not in names


@pytest.mark.parametrize("name", OWN)
def test_layers_of_this_storey_have_words(name: str) -> None:
    spec = CATALOG.layer(name)
    assert spec is not None
    assert spec.has_own_words
    assert re.fullmatch(r"[A-Z].{15,100}\.", spec.summary), spec.summary
    assert [parameter.name for parameter in spec.parameters if not parameter.hint] == []
    assert [
        parameter.name for parameter in spec.parameters if parameter.is_required and parameter.initial is None
    ] == []


@pytest.mark.parametrize("spec", CATALOG.operations.values(), ids=lambda spec: spec.type)
def test_every_operation_has_words(spec: LayerSpec) -> None:
    assert re.fullmatch(r"\S.{8,100}\.", spec.summary), spec.summary
    assert [parameter.name for parameter in spec.parameters if not parameter.hint] == []
    assert [
        parameter.name for parameter in spec.parameters if parameter.is_required and parameter.initial is None
    ] == []


def test_every_class_and_every_parameter_has_words() -> None:
    assert [owner for owner, parameter in PARAMETERS if not re.fullmatch(r"[A-Z\d{].{8,160}\.", parameter.hint)] == []
    assert [f"{kind} {spec.type}" for kind, spec in OBJECTS if not spec.summary.endswith(".")] == []


def test_what_words_do_not_know_is_told_in_the_words_of_keras() -> None:
    facts: dict[str, Any] = json.loads(resource("catalog", "facts.json").read_text(encoding="utf-8"))
    told = {"name": "strength", "kind": "float", "default": 1.0, "told": "How strong it is."}
    layer = {**facts["layers"]["ReLU"], "parameters": [told], "told": "Bends numbers."}
    loss = {"module": "keras.losses", "parameters": [told], "told": "Counts mistakes."}
    facts["layers"]["Bender"], facts["objects"]["loss"]["Counter"] = layer, loss
    catalog = Catalog(facts)
    bender, counter = catalog.layers["Bender"], catalog.objects("loss")["Counter"]
    assert (bender.summary, bender.parameters[0].hint) == ("Bends numbers.", "How strong it is.")
    assert (counter.summary, counter.parameters[0].hint) == ("Counts mistakes.", "How strong it is.")
    assert not bender.has_own_words


def test_every_parameter_gives_its_editor_what_it_needs() -> None:
    for owner, parameter in PARAMETERS:
        told = f"{owner}: {parameter}"
        assert parameter.kind in get_args(ParameterKind), told
        assert bool(parameter.choices) == (parameter.kind == "choice"), told
        assert len(set(parameter.choices)) == len(parameter.choices), told
        assert set(parameter.also) <= set(get_args(ParameterKind)), told
        assert parameter.object_kind is None or parameter.object_kind in KINDS, told
        assert parameter.low is None or parameter.high is None or parameter.low < parameter.high, told


def test_defaults_and_initial_values_are_valid() -> None:
    for owner, parameter in PARAMETERS:
        told = f"{owner}: {parameter}"
        if not parameter.is_required:
            assert CATALOG.why_not_value(parameter, cast(Value, parameter.default)) is None, told
        if parameter.initial is not None:
            assert CATALOG.why_not_value(parameter, parameter.initial) is None, told
            assert parameter.initial != parameter.default, told


def test_words_speak_only_of_what_exists() -> None:
    for name, words in read_words("layers").items():
        spec = CATALOG.inner_layer(name) or CATALOG.layer(name)
        assert spec is not None, name
        known = {parameter.name for parameter in spec.parameters}
        for part in ("initial", "hints", "parameters"):
            assert set(words.get(part, ())) <= known, (name, part)
        assert {*words.get("advanced", ()), *words.get("shown", ())} <= known, name
    everywhere = {parameter.name for spec in LAYERS if spec.operation is None for parameter in spec.parameters}
    assert set(read_words("parameters")) <= everywhere
    words = read_words("operations")
    assert set(words) == {"parameters", *(type.removeprefix("ops.") for type in CATALOG.operations)}
    named = {parameter.name for spec in CATALOG.operations.values() for parameter in spec.parameters}
    assert set(words["parameters"]) == named
    for kind, words in read_words("objects").items():
        specs: dict[str, ObjectSpec] = {spec.type: spec for owner, spec in OBJECTS if owner == kind}
        assert set(words) - {"parameters"} <= set(specs)
        in_kind = {parameter.name for spec in specs.values() for parameter in spec.parameters}
        assert set(words.get("parameters", ())) <= in_kind, kind


def test_numbers_take_the_place_of_ports_and_counts_make_more() -> None:
    def ports(type: str, **params: Value) -> tuple[list[str], list[str]]:
        inputs, outputs = CATALOG.ports(type, params)
        return [port.name for port in inputs], [port.name for port in outputs]

    assert ports("ops.add") == (["x1", "x2"], ["output"])
    assert ports("ops.add", x2=2.0) == (["x1"], ["output"])
    assert ports("ops.split", indices_or_sections=3)[1] == ["output", "output_1", "output_2"]
    assert ports("ops.split", indices_or_sections=(1, 2, 5))[1] == ["output", "output_1", "output_2", "output_3"]
    assert ports("ops.split", indices_or_sections=10**9)[1][-1] == "output_255"
    assert ports("ops.top_k", k=2)[1] == ["values", "indices"]
    assert ports("ops.unique", return_counts=True)[1] == ["output", "counts"]


def test_operations_are_found_by_all_their_names() -> None:
    def type_of(spec: LayerSpec | None) -> str:
        return "" if spec is None else spec.type

    assert type_of(CATALOG.operation("abs")) == type_of(CATALOG.operation("absolute")) == "ops.absolute"
    assert type_of(CATALOG.operation_of_class("GetItem")) == "ops.get_item"
    assert type_of(CATALOG.operation_of_operator("-")) == "ops.subtract"
    assert type_of(CATALOG.operation_of_operator("-", is_unary=True)) == "ops.negative"
    assert CATALOG.operation("while_loop") is None
    assert CATALOG.inner_layer("ops.mean") is None


def test_defaults_are_keras_s_own() -> None:
    assert parameter("Conv2D", "strides").default == (1, 1)
    assert parameter("LeakyReLU", "negative_slope").default == 0.3
    assert parameter("Dense", "kernel_initializer").default == "glorot_uniform"
    assert parameter("Dense", "units").is_required
    assert parameter("Dense", "units").initial == 10


def test_ports_come_and_go_with_parameters() -> None:
    def outputs(type: str, **params: object) -> list[str]:
        return [port.name for port in CATALOG.ports(type, params)[1]]  # type: ignore[arg-type]

    assert outputs("LSTM", units=3) == ["output"]
    assert outputs("LSTM", units=3, return_state=True) == ["output", "state_h", "state_c"]
    assert outputs("GRU", return_state=True) == ["output", "state"]
    assert outputs("RNN", cell=KerasObject("GRUCell"), return_state=True) == ["output", "state"]
    lstm = KerasObject("LSTM", {"units": 3, "return_state": True})
    assert outputs("Bidirectional", layer=lstm) == [
        "output", "forward_state_h", "forward_state_c", "backward_state_h", "backward_state_c",
    ]  # fmt: skip
    assert outputs("Bidirectional", layer=lstm, merge_mode=None)[:2] == ["output", "backward_output"]
    assert outputs("Output") == []
    assert outputs("NoSuchLayer") == []


def test_inputs_are_named_after_the_call() -> None:
    def inputs(type: str) -> list[str]:
        return [port.name for port in CATALOG.ports(type, {})[0]]

    assert inputs("Dense") == ["inputs"]
    assert inputs("LSTM") == ["sequences", "initial_state"]
    assert inputs("MultiHeadAttention")[:3] == ["query", "value", "key"]
    assert inputs("Input") == []
    for name in ("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract", "Dot"):
        (port,) = CATALOG.ports(name, {})[0]
        assert port.takes_many
        assert (port.fewest, port.most) == ((2, 2) if name in ("Subtract", "Dot") else (1, None))


def test_objects_are_found_by_name_and_identifier() -> None:
    for identifier in ("he_normal", "HeNormal"):
        spec = CATALOG.object("initializer", identifier)
        assert spec is not None
        assert (spec.type, spec.identifier, spec.module) == ("HeNormal", "he_normal", "keras.initializers")
    mse = CATALOG.object("loss", "mse")
    assert mse is not None
    assert mse.type == "MeanSquaredError"
    assert CATALOG.object("loss", "surely_not") is None


@pytest.mark.parametrize("enough", [1, 48, 10_000])
def test_the_top_of_the_palette_is_that_of_the_whole_one(enough: int) -> None:
    fresh = load()
    top = list(fresh.palette(enough=enough))
    whole = [each for each in fresh.palette() if each.title not in ("Backbones", "Operations")]
    assert top == whole[: len(top)]
    common = [sum(spec.is_common for spec in each.layers) for each in top]
    assert sum(common) >= enough or len(top) == len(whole)
    assert sum(common[:-1]) < enough


def test_a_folded_heading_shows_the_common_layers_in_the_same_order() -> None:
    for folded, whole in zip(CATALOG.palette(unfolded=("Pooling",)), CATALOG.palette(), strict=True):
        common = [spec for spec in whole.layers if spec.is_common] or whole.layers[:3]
        assert folded.layers == (whole.layers if folded.title == "Pooling" else common)
        assert (folded.title, folded.total, folded.folded) == (whole.title, len(whole.layers), len(common))


def test_palette_holds_every_layer_once() -> None:
    palette = list(CATALOG.palette())
    assert [heading.title for heading in palette][:3] == ["Basics", "Convolution", "Pooling"]
    types = [spec.type for heading in palette for spec in heading.layers]
    assert sorted(types) == sorted([*CATALOG.layers, *CATALOG.operations])
    assert types[:3] == ["Input", "Output", "Dense"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dense", "Dense"),
        ("conv2", "Conv2D"),
        ("mp2", "MaxPooling2D"),
        ("max pooling", "MaxPooling2D"),
        ("CuDNNLSTM", "LSTM"),
        ("Convolution2D", "Conv2D"),
        ("bn", "BatchNormalization"),
        ("dropout", "Dropout"),
        ("probabilities", "Softmax"),
        ("+", "ops.add"),
        ("-", "ops.subtract"),
        ("@", "ops.matmul"),
        ("/", "ops.true_divide"),
        ("**", "ops.power"),
        ("slice", "ops.get_item"),
        ("[:]", "ops.get_item"),
        ("matmul", "ops.matmul"),
        ("expand_dims", "ops.expand_dims"),
        ("unsqueeze", "ops.expand_dims"),
        ("gather", "ops.take"),
        ("abs", "ops.absolute"),
        ("reduce_mean", "ops.mean"),
        ("concat", "Concatenate"),
        ("resize_images", "ops.image.resize"),
        ("conv", "Conv2D"),
        ("max", "MaxPooling2D"),
        ("norm", "Normalization"),
        ("sum", "ops.sum"),
    ],
)
def test_search_finds_what_is_meant(text: str, expected: str) -> None:
    assert CATALOG.search(text)[0].type == expected


def test_an_operation_that_is_typed_whole_comes_right_behind_the_common_layers() -> None:
    assert [spec.type for spec in CATALOG.search("conv")][:4] == ["Conv2D", "Conv1D", "Conv2DTranspose", "ops.conv"]
    assert "ops.max" in [each.type for each in CATALOG.search("max")[:3]]
    assert CATALOG.called("conv") is CATALOG.layer("ops.conv"), "code means it by its whole name"


def test_search_with_nothing_gives_everything_and_with_nonsense_nothing() -> None:
    assert len(CATALOG.search("  ")) == len(CATALOG.layers) + len(CATALOG.operations)
    assert CATALOG.search("qqzzqq") == []


def test_a_layer_of_a_newer_keras_appears_by_itself() -> None:
    facts = {
        "format": 1, "keras": "9.0.0", "base_parameters": [], "left_out": {}, "objects": {},
        "layers": {"Telepathy": {"family": "telepathic", "parameters": [{"name": "range", "kind": "int"}],
                                 "inputs": [{"name": "thoughts"}], "outputs": ["output"]}},
    }  # fmt: skip
    catalog = Catalog(facts)
    spec = catalog.layer("Telepathy")
    assert spec is not None
    assert (spec.family, spec.has_own_words) == ("core", False)
    assert catalog.search("tele") == [spec]
    assert catalog.initial_params("Telepathy") == {}
