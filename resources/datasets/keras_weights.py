"""Weights out of a ``.keras`` file, by the names of layers. Nothing in the file is run."""

import collections
import io
import json
import re
import zipfile

import h5py

WEIGHTS = "model.keras"


def load_weights(model):
    """Each layer starts from the weights of its name in WEIGHTS, if they fit."""
    with zipfile.ZipFile(WEIGHTS) as archive:
        content = io.BytesIO(archive.read("model.weights.h5"))
        config = json.loads(archive.read("config.json"))["config"]
    with h5py.File(content) as file:
        stored = dict(stored_layers(file, config))
        taking = [layer for layer in own_layers(model, stored) if layer.weights]
        fits = {each.name: restored(each, stored.get(each.name)) for each in taking}
    print(f"{sum(fits.values())} of {len(fits)} layers start from {WEIGHTS}")
    if not all(fits.values()):
        print("These start anew:", ", ".join(name for name in fits if not fits[name]))


def own_layers(model, stored):
    """The layers of the model, and those of models inside it that are stored one by one."""
    for layer in model.layers:
        held = getattr(layer, "layer", layer)  # by a TimeDistributed
        inside = list(own_layers(held, stored)) if hasattr(held, "layers") else []
        if held is not layer:  # other layers of it are none of these
            inside = [each for each in inside if each.name.startswith(f"{layer.name}_")]
        if any(each.name in stored for each in inside):
            yield from inside
        else:
            yield layer


def stored_layers(group, config):
    """The name and the group of each layer, after those of the models around it.

    Models inside models may be left out of the name where no other layer has it then.
    """
    found = list(stored_groups(group, config))
    count = collections.Counter(name for names, _ in found for name in set(names))
    for names, inner in found:
        for name in names:
            if name == names[0] or count[name] == 1:
                yield name, inner


def stored_groups(group, config, around=("",), known=None):
    """The possible names of each layer, the whole one first, and its group.

    What stands in several places of a model is stored at the first of them.
    """
    known = {} if known is None else known
    inside = [
        layer for layer in config["layers"] if ".ops" not in (layer.get("module") or "")
    ]
    keys = file_keys(layer["class_name"] for layer in inside)
    for key, layer in zip(keys, inside, strict=True):
        own = layer["config"]["name"].replace("/", "_")
        inner = group["layers"].get(key, known.get((layer["class_name"], own)))
        known[layer["class_name"], own] = inner
        names = list(dict.fromkeys(before + own for before in around))
        if inner is not None and "layer/layers" in inner:  # held by a TimeDistributed
            yield names, inner
            inner, layer = inner["layer"], layer["config"]["layer"]
        if inner is not None and "layers" in inner and "layers" in layer["config"]:
            inside = [f"{name}_" for name in names]
            shorter = [before for before in around if before]
            yield from stored_groups(inner, layer["config"], inside + shorter, known)
        elif inner is not None:
            yield names, inner


def file_keys(class_names):
    """What Keras calls things of these classes in a file: dense, dense_1."""
    counts = collections.Counter()
    for name in class_names:
        words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
        key = re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()
        yield f"{key}_{counts[key]}" if counts[key] else key
        counts[key] += 1


def stored_shapes(group):
    """The shapes of all weights in a group, in order of size."""
    found = []

    def visit(path, item):
        if isinstance(item, h5py.Dataset) and "seed_generator" not in path:
            found.append(tuple(item.shape))

    group.visititems(visit)
    return sorted(found)


def restored(layer, group):
    """Whether a layer took the weights of a group: all of them, or none."""
    shapes = sorted(tuple(each.shape) for each in layer.weights)
    if group is None or stored_shapes(group) != shapes:
        return False
    restore(layer, group)
    return True


def restore(part, group):
    """Give a layer and the layers inside it what a group holds for them."""
    if len(group.get("vars", ())):
        part.load_own_variables(group["vars"])
    for key in group:
        inner = getattr(part, key, None)
        if isinstance(inner, (list, tuple)):
            names = file_keys(type(each).__name__ for each in inner)
            for name, each in zip(names, inner, strict=True):
                restore(each, group[key][name])
        elif hasattr(inner, "load_own_variables") and key != "seed_generator":
            restore(inner, group[key])
