import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
import numpy as np

class GraphAttention(layers.Layer):
    def __init__(self, units, kernel_initializer="glorot_uniform", kernel_regularizer=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[0][-1], self.units), trainable=True, initializer=self.kernel_initializer, regularizer=self.kernel_regularizer, name="kernel")
        self.kernel_attention = self.add_weight(shape=(self.units * 2, 1), trainable=True, initializer=self.kernel_initializer, name="kernel_attention")
        self.built = True

    def call(self, inputs):
        node_states, edges = inputs
        h = keras.ops.matmul(node_states, self.kernel)
        a = keras.ops.softmax(keras.ops.matmul(h, keras.ops.transpose(h, (0, 2, 1))) * edges)
        return keras.ops.matmul(a, h)


class MultiHeadGraphAttention(layers.Layer):
    def __init__(self, units, num_heads=8, merge_type="concat", **kwargs):
        super().__init__(**kwargs)
        self.num_heads = num_heads
        self.merge_type = merge_type
        self.attention_layers = [GraphAttention(units) for _ in range(num_heads)]

    def call(self, inputs):
        atom_features, pair_indices = inputs
        outputs = [attention([atom_features, pair_indices]) for attention in self.attention_layers]
        if self.merge_type == "concat":
            outputs = keras.ops.concatenate(outputs, axis=-1)
        else:
            outputs = keras.ops.mean(keras.ops.stack(outputs, axis=-1), axis=-1)
        return keras.ops.relu(outputs)

nodes = layers.Input((30, 16), name="nodes")
adj = layers.Input((30, 30), name="adjacency")
x = layers.Dense(64, activation="relu")(nodes)
for _ in range(3):
    x = MultiHeadGraphAttention(8, num_heads=4)([x, adj])
x = layers.GlobalAveragePooling1D()(x)
model = keras.Model([nodes, adj], layers.Dense(7)(x))
model.compile(optimizer=keras.optimizers.SGD(3e-1, momentum=0.9), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=[keras.metrics.SparseCategoricalAccuracy(name="acc")])
