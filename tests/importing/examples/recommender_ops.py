import keras
from keras import layers, ops

user = keras.Input(shape=(), name="user", dtype="int32")
movie = keras.Input(shape=(), name="movie", dtype="int32")
user_vector = layers.Embedding(100, 8)(user)
user_bias = layers.Embedding(100, 1)(user)
movie_vector = layers.Embedding(200, 8)(movie)
movie_bias = layers.Embedding(200, 1)(movie)
dot = ops.sum(user_vector * movie_vector, axis=-1, keepdims=True)
x = dot + user_bias + movie_bias
model = keras.Model({"user": user, "movie": movie}, ops.sigmoid(x))
