import keras
from keras.layers import Activation, Add, Conv1D, Input, Multiply

def wavenet_block(x, filters, dilation):
    gate = Multiply()([
        Conv1D(filters, 2, dilation_rate=dilation, padding="causal", activation=act)(x) for act in ("tanh", "sigmoid")
    ])
    skip = Conv1D(filters, 1)(gate)
    return Add()([x, skip]), skip

inputs = Input((100, 1))
x, skips = Conv1D(8, 1)(inputs), []
for i in range(4):
    x, s = wavenet_block(x, 8, 2 ** i)
    skips += [s]
y = Activation("relu")(Add()(skips))
model = keras.Model(inputs, Conv1D(1, 1)(y), name="wavenet")
