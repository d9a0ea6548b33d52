import keras
from keras import layers

img_width, img_height, max_length, vocab = 40, 20, 5, 19
input_img = layers.Input(shape=(img_width, img_height, 1), name="image", dtype="float32")
x = input_img
for n, f in enumerate((32, 64), start=1):
    x = layers.Conv2D(f, (3, 3), activation="relu", kernel_initializer="he_normal", padding="same", name=f"Conv{n}")(x)
    x = layers.MaxPooling2D((2, 2), name="pool{}".format(n))(x)
new_shape = ((img_width // 4), (img_height // 4) * 64)
x = layers.Reshape(target_shape=new_shape, name="reshape")(x)
x = layers.Dense(64, activation="relu", name="dense1")(x)
x = layers.Dropout(0.2)(x)
x = layers.Bidirectional(layers.LSTM(16, return_sequences=True, dropout=0.25))(x)
x = layers.Dense(vocab + 2, activation="softmax", name="dense2")(x)
model = keras.models.Model(inputs=input_img, outputs=x, name="ocr_model_v1")
