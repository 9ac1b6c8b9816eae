"""What a user has for Keras: the classes of ``make_keras3.py``, under no name of a package."""

import keras


class Gate(keras.layers.Layer):
    """relu(x) · sigmoid(x)."""

    def call(self, x):
        return keras.ops.relu(x) * keras.ops.sigmoid(x)


class Scaled(keras.layers.Layer):
    """(x · scale + shift) · factor."""

    def __init__(self, factor=2.0, **settings):
        super().__init__(**settings)
        self.factor = factor

    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), name="scale")
        self.shift = self.add_weight(shape=(shape[-1],), name="shift")

    def call(self, x):
        return (x * self.scale + self.shift) * self.factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}
