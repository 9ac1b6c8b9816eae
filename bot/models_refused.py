"""What is told of models that cannot be used or retrained: see ``bot.recorded``.

Where what is expected and what was found disagree, {expected} and {found} are among VALUES, or
figures and names.
"""

from __future__ import annotations

from bot.language import gettext_noop

USE = (
    gettext_noop("{reason}; this model is in use: {words}"),
    gettext_noop("is not the model that came into use; {words}"),
    gettext_noop("`newsieve model rollback` goes back to the model before"),
    gettext_noop("{reason}; if it is your own, name the file that registers it: {words}"),
    gettext_noop("does not answer as was recorded: differs at {name}"),
    gettext_noop("another newsieve works on this database"),
    gettext_noop("another newsieve (process {number}) works on this database"),
    gettext_noop("another newsieve makes or installs a model"),
    gettext_noop("another newsieve (process {number}) makes or installs a model"),
    gettext_noop("the database's folder {path} cannot be written: {reason}"),
    gettext_noop("database is locked"),
)

FILES = (
    gettext_noop("no such file"),
    gettext_noop("no such file or folder"),
    gettext_noop("larger than 1 GiB"),
    gettext_noop("cannot be written: {path} is no folder to write to"),
    gettext_noop("cannot be written: {reason}"),
    gettext_noop("exists and is no bundle: nothing is overwritten"),
    gettext_noop("expected {expected}, found {found}"),
    gettext_noop("score of model {words}: {reason}"),
    gettext_noop("a folder, not a Python file"),
    gettext_noop("registers no layer: call register_layer in it"),
)

LAYERS = (
    gettext_noop("layer {name}: class {kind} is not supported"),
    gettext_noop("layer {name}: class {kind} cannot be trained with numpy"),
    gettext_noop("layer {name}: {reason}"),
    gettext_noop("model {name} has no text part: it scores arrays only"),
    gettext_noop("model {name} has no text part: there are no words to explain"),
    gettext_noop("its text part gives weights of words, not ids"),
)

TRAINING = (
    gettext_noop("cannot be retrained here: {reason}"),
    gettext_noop(
        "model {name} brings no base data; give labelled texts in their place (--data FILE)"
    ),
    gettext_noop("model {name} has no text part"),
    gettext_noop("model {name} reads more than the text"),
    gettext_noop("model {name} reads texts of any length"),
    gettext_noop(
        "cannot be trained: the output must be one probability a row, or the softmax of two "
        "classes, not of shape {words}"
    ),
    gettext_noop("nothing can learn: every weight is frozen"),
    gettext_noop(
        "the training diverged at epoch {number} (loss {words}): a lower learning rate or a "
        "limit to the gradient's norm may help"
    ),
)

ALL = (*USE, *FILES, *LAYERS, *TRAINING)

VALUES = (
    gettext_noop("nothing"),
    gettext_noop("none"),
    gettext_noop("one"),
    gettext_noop("longer"),
    gettext_noop("this field"),
    gettext_noop("a string"),
    gettext_noop("a whole number"),
    gettext_noop("a number"),
    gettext_noop("true or false"),
    gettext_noop("a list"),
    gettext_noop("an object"),
    gettext_noop("one of {words}"),
    gettext_noop("{name} twice"),
    gettext_noop("a key stands twice in one object"),
    gettext_noop("{words} is not a number"),
    gettext_noop("{count} rows"),
    gettext_noop("{count} bytes"),
    gettext_noop("{count} values"),
    gettext_noop("{count} finite numbers"),
    gettext_noop("{count} different ones"),
    gettext_noop("{count} of them"),
    gettext_noop("{count} groups"),
    gettext_noop("{count} dimensions"),
    gettext_noop("{count} dimensions a row"),
    gettext_noop("{count} values a row"),
    gettext_noop("{count} values a step"),
    gettext_noop("{count} on the axis"),
    gettext_noop("{count} bytes of values"),
    gettext_noop("1, or {count} with initial states"),
    gettext_noop("one or two values a row"),
    gettext_noop("below {number}"),
    gettext_noop("above 0"),
    gettext_noop("at least one"),
    gettext_noop("at least {number}"),
    gettext_noop("at most {number}"),
    gettext_noop("at most {number} words"),
    gettext_noop("at most {number} values"),
    gettext_noop("rows of at most {number}"),
    gettext_noop("{number} to {most}"),
    gettext_noop("0, rising to {number}"),
    gettext_noop("start at {number}"),
    gettext_noop("start and end"),
    gettext_noop("no negative number"),
    gettext_noop("an array"),
    gettext_noop("one array"),
    gettext_noop("a tuple of arrays"),
    gettext_noop("a table of int8"),
    gettext_noop("a safetensors header"),
    gettext_noop("numbers"),
    gettext_noop("whole numbers"),
    gettext_noop("floating-point numbers"),
    gettext_noop("finite numbers in {words}"),
    gettext_noop("NaN or infinity"),
    gettext_noop("numbers that float32 can hold"),
    gettext_noop("rows of numbers"),
    gettext_noop("two whole numbers"),
    gettext_noop("from 1 on, the fewest first"),
    gettext_noop("a row of whole numbers, none below 0"),
    gettext_noop("0 or 1 each"),
    gettext_noop("the same number of rows in each"),
    gettext_noop("the same sizes"),
    gettext_noop("sizes above 0"),
    gettext_noop("a size with {words}"),
    gettext_noop("values for {words}"),
    gettext_noop("an axis of {words}"),
    gettext_noop("an axis {words} in each"),
    gettext_noop("axes in order, each once"),
    gettext_noop("a step {number}"),
    gettext_noop("steps of several values"),
    gettext_noop("at least one that is left"),
    gettext_noop("(steps, size)"),
    gettext_noop("values and as many gates"),
    gettext_noop("one layer each way"),
    gettext_noop("initial states for both layers"),
    gettext_noop("weights of the forward or the backward layer"),
    gettext_noop("nothing, and no bias"),
    gettext_noop("none for {words}"),
    gettext_noop("one for the text: {words}"),
    gettext_noop("a layer that uses it"),
    gettext_noop("the weights of layer {name}"),
    gettext_noop("an input or an earlier layer"),
    gettext_noop("the name of a layer"),
    gettext_noop("each name once"),
    gettext_noop("int or float"),
    gettext_noop("a list of texts"),
    gettext_noop("a text"),
    gettext_noop("one text"),
    gettext_noop("at least one character"),
    gettext_noop("every word once"),
    gettext_noop("every entry once"),
    gettext_noop("every term once"),
    gettext_noop("a regular expression"),
    gettext_noop("at most one group"),
    gettext_noop("rows of a tensor that learns, {number}"),
)
