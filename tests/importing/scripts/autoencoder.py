import keras
from keras import layers
inp = keras.Input(shape=(28, 28, 1), name="img")
x = layers.Conv2D(16, 3, activation="relu")(inp)
encoder_output = layers.GlobalMaxPooling2D()(layers.MaxPooling2D(3)(x))
encoder = keras.Model(inp, encoder_output, name="encoder")
dec_in = keras.Input((16,), name="encoded_img")
y = layers.Reshape((4, 4, 1))(dec_in)
dec_out = layers.Conv2DTranspose(1, 3, activation="relu")(y)
decoder = keras.Model(dec_in, dec_out, name="decoder")
auto_in = keras.Input((28, 28, 1), name="img2")
decoded = decoder(encoder(auto_in))
autoencoder = keras.Model(auto_in, decoded, name="autoencoder")
