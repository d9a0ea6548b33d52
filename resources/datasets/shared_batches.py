"""Batches for `fit` of which each process loads its share only."""

import math

import keras
import numpy as np


class Batches(keras.utils.PyDataset):
    """A process's share of batches, in an order that depends on seed and epoch only.

    Without a seed rows keep their order. All devices get equally many rows: what is
    left over in a batch is left out.
    """

    def __init__(self, x, y, batch_size, seed=None):
        super().__init__()
        self.data = (x, y)
        self.batch_size = batch_size
        self.seed = seed
        self.epoch = -1
        self.order = np.arange(len(keras.tree.flatten(x)[0]))
        self.process, self.processes, self.devices = place()

    def __len__(self):
        rows = len(self.order) // self.devices * self.devices
        return math.ceil(rows / self.batch_size)

    def __getitem__(self, index):
        start = index * self.batch_size
        rows = self.order[start : start + self.batch_size]
        share = len(rows) // self.devices * (self.devices // self.processes)
        rows = rows[self.process * share : (self.process + 1) * share]
        return keras.tree.map_structure(lambda array: array[rows], self.data)

    def on_epoch_begin(self):
        if self.seed is not None:
            self.epoch += 1
            rng = np.random.default_rng([self.seed, self.epoch])
            self.order = rng.permutation(len(self.order))
