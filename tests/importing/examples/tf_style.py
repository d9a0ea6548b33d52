import tensorflow as tf
from tensorflow.keras.layers import Dense, LSTM, Embedding, Input
from tensorflow.keras.models import Model, Sequential
from tensorflow.keras.optimizers import Adam

DEBUG = False
config = dict(units=[64, 32], rate=.3, activation='relu')
model = Sequential()
model.add(Dense(config['units'][0], input_shape=(20,), activation=config['activation']))
model.add(tf.keras.layers.Dropout(config['rate']))
if DEBUG:
    model.add(Dense(999))
elif len(config['units']) > 1:
    for u in config['units'][1:]:
        model.add(Dense(u, activation=config['activation']))
model.add(Dense(3, activation="softmax"))
model.compile(optimizer=Adam(learning_rate=0.001), loss=tf.keras.losses.SparseCategoricalCrossentropy(), metrics=['accuracy'])
