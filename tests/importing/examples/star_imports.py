import keras
from keras import layers, Model, Input, Sequential
from keras.layers import *

maxlen, max_features = 20, 100
inputs = Input((None,), dtype="int32")
x = Embedding(max_features, 8)(inputs)
x = SpatialDropout1D(0.2)(x)
for n in (8, 4): x = Bidirectional(LSTM(n, return_sequences=True))(x)
avg, mx = GlobalAveragePooling1D()(x), GlobalMaxPooling1D()(x)
conc = concatenate([avg, mx]); conc = Dense(8, activation="relu")(conc); conc = Dropout(0.1)(conc)
model = Model(inputs=inputs, outputs=Dense(1, activation="sigmoid")(conc))
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(1e-3, clipnorm=1.0), metrics=[keras.metrics.AUC(name="auc")])
