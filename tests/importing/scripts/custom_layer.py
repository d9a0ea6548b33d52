import keras
from keras import layers
class Sampling(layers.Layer):
    def __init__(self, size, seed=0): super().__init__(); self.size, self.seed = size, seed
    def call(self, x): return x
i = keras.Input((4,))
z = Sampling(3, seed=4, name='z')(i)
m = keras.Model(i, layers.Dense(2)(z))
