"""Weights out of an ``.h5`` file, by the names of layers. Nothing in the file is run."""

import collections

import h5py

WEIGHTS = "model.h5"


def load_weights(model):
    """Each layer starts from the weights of its name in WEIGHTS, if they fit."""
    with h5py.File(WEIGHTS) as file:
        stored = stored_arrays(file["model_weights"])
        taking = [layer for layer in own_layers(model, stored) if layer.weights]
        fits = {each.name: restored(each, stored.get(each.name, [])) for each in taking}
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


def stored_arrays(file):
    """The arrays of each layer by its name, after those of the models around it.

    Models inside models may be left out of the name where no other layer has it then.
    """
    stored, shorter = collections.defaultdict(list), collections.defaultdict(set)
    for outer, group in file.items():
        # A long list of names is cut into pieces: weight_names0, weight_names1.
        pieces = sorted(
            (key for key in group.attrs if key.startswith("weight_names")), key=len
        )
        for path in (each for key in pieces for each in group.attrs[key]):
            path = path.decode() if isinstance(path, bytes) else path
            names = [outer, *path.removeprefix(f"{outer}/").split("/")]
            for end in range(1, len(names)):
                whole = "_".join(names[:end]).replace("/", "_")
                stored[whole].append(group[path])
                for begin in range(2, end):
                    name = "_".join([outer, *names[begin:end]]).replace("/", "_")
                    shorter[name].add(whole)
    for name, wholes in shorter.items():
        if len(wholes) == 1 and name not in stored:
            stored[name] = stored[min(wholes)]
    return stored


def restored(layer, arrays):
    """Whether a layer took these arrays: all of them, or none."""
    weights = [*layer.trainable_weights, *layer.non_trainable_weights]
    shapes = [tuple(each.shape) for each in weights]
    if [tuple(each.shape) for each in arrays] != shapes:
        return False
    for weight, array in zip(weights, arrays, strict=True):
        weight.assign(array[()])
    if hasattr(layer, "finalize_state"):  # of a Normalization
        layer.finalize_state()
    return True
