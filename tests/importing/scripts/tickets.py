import keras
from keras import layers
num_tags, num_words, num_departments = 12, 10000, 4
title_input = keras.Input(shape=(None,), name="title")
body_input = keras.Input(shape=(None,), name="body")
tags_input = keras.Input(shape=(num_tags,), name="tags")
emb = layers.Embedding(num_words, 64)
title_features = layers.LSTM(128)(emb(title_input))
body_features = layers.Bidirectional(layers.LSTM(32))(emb(body_input))
x = layers.concatenate([title_features, body_features, tags_input])
priority = layers.Dense(1, name="priority")(x)
department = layers.Dense(num_departments, name="department")(x)
model = keras.Model(inputs=[title_input, body_input, tags_input], outputs={"priority": priority, "department": department})
model.compile(optimizer=keras.optimizers.RMSprop(1e-3), loss={"priority": keras.losses.BinaryCrossentropy(from_logits=True), "department": keras.losses.CategoricalCrossentropy(from_logits=True)}, loss_weights={"priority": 1.0, "department": 0.2})
