import keras
from keras.layers import Dense, Embedding, Flatten, Dot, Input, Concatenate

EMBEDDING_SIZE = 50
num_users, num_items = 610, 9724


def tower(count: int, name: str, units=(64, 32)):
    query = Input(shape=(1,), name=name)
    h = Flatten()(Embedding(count, EMBEDDING_SIZE, embeddings_regularizer=keras.regularizers.l2(1e-6), embeddings_initializer="he_normal")(query))
    for i, n in enumerate(units):
        h = Dense(n, activation="relu" if i < len(units) - 1 else None)(h)
    return query, h


user, u = tower(num_users, "user")
item, v = tower(num_items, "item")
score = Dot(axes=1, normalize=True)([u, v])
model = keras.Model([user, item], Dense(1, activation="sigmoid")(score))
