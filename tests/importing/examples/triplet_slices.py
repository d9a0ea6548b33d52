import keras
from keras import layers, ops

stacked = keras.Input((3, 16))
project = layers.Dense(8, use_bias=False)
anchor, positive, negative = [project(stacked[:, i]) for i in range(3)]
near = ops.sum((anchor - positive) ** 2, axis=-1)
far = ops.sum(ops.square(anchor - negative), axis=-1)
margin = ops.maximum(near - far + 0.5, 0)
first, *rest = ops.split(stacked, 3, axis=1)
context = ops.mean(ops.concatenate(rest, axis=1), 1) @ ops.ones_like(negative[..., None])[0] if False else ops.mean(ops.concatenate(rest, axis=1), 1)
model = keras.Model(stacked, {"margin": margin, "context": -context, "big": ops.cast(near > far, "float32")})
