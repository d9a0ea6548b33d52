import keras
from keras import layers
from keras.applications.mobilenet_v2 import MobileNetV2, preprocess_input
inputs = layers.Input(shape=(96, 96, 3))
x = preprocess_input(inputs)
base_model = MobileNetV2(weights=None, include_top=False, input_tensor=x, alpha=0.35)
base_model.trainable = True
print(f"{len(base_model.layers)} layers")
fine_tune_at = 100
for layer in base_model.layers[:fine_tune_at]:
    layer.trainable = False
for layer in base_model.layers[-20:]:
    if not isinstance(layer, layers.BatchNormalization):
        layer.trainable = True
x = layers.GlobalAveragePooling2D(name="avg_pool")(base_model.output)
x = layers.BatchNormalization()(x)
outputs = layers.Dense(5, activation="softmax", name="pred")(x)
model = keras.Model(inputs, outputs, name="EfficientNet")
