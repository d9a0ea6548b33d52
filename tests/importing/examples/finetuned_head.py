import keras
from keras import layers
from keras.applications import MobileNetV2
base_model = MobileNetV2(weights=None, include_top=False, input_shape=(96, 96, 3), alpha=0.35)
for layer in base_model.layers:
    layer.trainable = False
x = base_model.output
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dense(16, activation="relu")(x)
predictions = layers.Dense(5, activation="softmax")(x)
model = keras.Model(inputs=base_model.input, outputs=predictions)
print("layers", len(base_model.layers))
model.compile("adam", "categorical_crossentropy")
