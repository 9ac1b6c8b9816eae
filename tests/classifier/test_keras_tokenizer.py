"""Keras's Tokenizer and pad_sequences: what they answer was recorded with Keras itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import BundleMismatch, BundleMissing, ModelError
from classifier.documents import Document
from classifier.importers import import_text, import_tokenizer
from classifier.importers.tokenizers import Reading, fitted_to
from classifier.network import GraphSpec, InputSpec, LayerSpec, Network
from classifier.text import Cleaner, KerasTokenizer, TextPipeline
from classifier.text.keras_tokenizer import Side
from classifier.text.settings import pipeline_from_json, pipeline_to_json

RECORDED = Path(__file__).parent.parent / "recorded" / "tokenizer"
NAMES = sorted(path.stem for path in RECORDED.glob("*.json") if "answers" not in path.name)


def _answers(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.answers.json").read_text(encoding="utf-8"))


def _tokenizer(text: TextPipeline) -> KerasTokenizer:
    assert isinstance(text.vectorizer, KerasTokenizer)
    return text.vectorizer


@pytest.mark.parametrize("name", NAMES)
def test_a_tokenizer_with_any_flags_answers_as_keras_does(name: str) -> None:
    told = _answers(name)
    for answer in told["answers"]:
        text = import_tokenizer(RECORDED / f"{name}.json", **answer["pad"])
        assert text.ids(told["texts"]).tolist() == answer["ids"], answer["pad"]


@pytest.mark.parametrize("name", NAMES)
def test_a_bundle_keeps_every_flag(name: str) -> None:
    text = import_tokenizer(
        RECORDED / f"{name}.json", maxlen=5, padding="post", truncating="pre", value=3
    )
    written = json.loads(json.dumps(pipeline_to_json(text), ensure_ascii=False))
    assert pipeline_from_json(Document("text.json", written)) == text


def test_padding_and_cutting_are_at_the_front_unless_told_otherwise() -> None:
    tokenizer = KerasTokenizer({"дождь": 1, "мост": 2, "снег": 3}, length=2)
    assert tokenizer.ids([["дождь"], ["дождь", "мост", "снег"]]).tolist() == [[0, 1], [2, 3]]
    post = KerasTokenizer(tokenizer.word_index, 2, padding=Side.POST, truncating=Side.POST)
    assert post.ids([["дождь"], ["дождь", "мост", "снег"]]).tolist() == [[1, 0], [1, 2]]


def test_texts_without_any_known_word_are_all_padding() -> None:
    tokenizer = KerasTokenizer({"дождь": 1})
    assert tokenizer.ids([["снег"], []]).tolist() == [[0], [0]]
    assert tokenizer.ids([]).shape == (0, 1)


def test_only_the_words_that_are_read_are_shown() -> None:
    tokenizer = KerasTokenizer({"дождь": 1, "мост": 2, "снег": 3}, length=2)
    assert tokenizer.words("Мост, дождь и снег") == ["дождь", "снег"]


@pytest.mark.parametrize("name", ["unknown", "few", "kept", "characters"])
def test_raw_texts_are_cleaned_before_and_remembered_pieces_change_nothing(name: str) -> None:
    text = import_tokenizer(RECORDED / f"{name}.json", maxlen=6, cleaner=Cleaner(lemmas=False))
    asked = [*_answers(name)["texts"], "<b>Дождь</b> и&nbsp;мост " * 5]
    expected = text.vectorizer.ids([text.words(one) for one in asked])
    for _ in range(2):
        assert np.array_equal(text.ids(asked), expected)


# -- other files -----------------------------------------------------------------------


def _written(folder: Path, content: object) -> Path:
    path = folder / "tokenizer.json"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


INDEX = {"дождь": 2, "мост": 3, "rain": 4}


@pytest.mark.parametrize(
    "content",
    [INDEX, {"word_index": INDEX}, {"word_index": json.dumps(INDEX)}],
    ids=["alone", "inside", "as a string inside"],
)
def test_a_plain_dictionary_reads_unknown_words_as_1(tmp_path: Path, content: object) -> None:
    text = import_tokenizer(_written(tmp_path, content), maxlen=5)
    assert text.ids(["Дождь, снег; МОСТ", ""]).tolist() == [[0, 0, 2, 1, 3], [0] * 5]


def test_a_plain_dictionary_may_be_read_in_another_way(tmp_path: Path) -> None:
    reading = Reading(unknown=None, num_words=4, filters="\t\n", lower=False)
    text = import_tokenizer(_written(tmp_path, INDEX), reading=reading, padding="post")
    assert text.ids(["мост Мост дождь, дождь rain"]).tolist() == [[3, 2]]


def test_a_tokenizer_may_be_a_string_inside_the_file(tmp_path: Path) -> None:
    content = (RECORDED / "unknown.json").read_text(encoding="utf-8")
    text = import_tokenizer(_written(tmp_path, content))
    assert text == import_tokenizer(RECORDED / "unknown.json")


def _changed(**flags: object) -> dict[str, Any]:
    content = json.loads((RECORDED / "unknown.json").read_text(encoding="utf-8"))
    content["config"].update(flags)
    return dict(content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (_changed(oov_token="нет"), "oov_token: expected a word of the word_index, found 'нет'"),
        (_changed(num_words="5"), "num_words: expected a whole number"),
        (_changed(lower=None), "lower: expected true or false"),
        (_changed(split=""), "split: expected at least one character"),
        (_changed(analyzer="mine"), "analyzer: expected one of"),
        (_changed(word_index="{"), "word_index: expected JSON"),
        (_changed(word_index={"а": "1"}), "word_index: а: expected a whole number"),
        (_changed(word_index={"а": True}), "word_index: а: expected a whole number"),
        (_changed(word_index={"<UNK>": 1, "а": -1}), "word_index: а: expected an id from 0 on"),
        ({"дождь": 1.5}, "word_index: дождь: expected a whole number"),
        (["дождь"], "tokenizer.json: expected an object"),
    ],
)
def test_what_is_wrong_in_a_tokenizer_is_named(
    tmp_path: Path, content: object, message: str
) -> None:
    with pytest.raises(BundleMismatch, match=message):
        import_tokenizer(_written(tmp_path, content))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"padding": "left"}, "padding: expected one of pre, post, found left"),
        ({"truncating": "both"}, "truncating: expected one of pre, post"),
        ({"maxlen": 0}, "length: expected 1 to 65536, found 0"),
        ({"reading": Reading()}, "config: expected a plain dictionary"),
    ],
)
def test_wrong_settings_are_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(BundleMismatch, match=message):
        import_tokenizer(RECORDED / "plain.json", **settings)


@pytest.mark.parametrize("data", [b"", b"\x80\x04K\x01.", b"{", b"\xff\xfe"])
def test_a_file_that_is_no_tokenizer_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "tokenizer.json").write_bytes(data)
    with pytest.raises(ModelError, match="tokenizer"):
        import_tokenizer(tmp_path / "tokenizer.json")


def test_a_missing_file_is_said() -> None:
    with pytest.raises(BundleMissing):
        import_tokenizer(RECORDED / "nowhere.json")


# -- together with a network ---------------------------------------------------------------


def _network(*inputs: InputSpec) -> Network:
    layers = (
        LayerSpec("embedding", "Embedding", ("ids",), {}, {"table": "table"}),
        LayerSpec("average", "GlobalAveragePooling1D", ("embedding",)),
    )
    outputs = ("average", *(given.name for given in inputs if given.name != "ids"))
    return Network(GraphSpec(inputs, layers, outputs), {"table": np.ones((40, 2))})


def test_a_network_decides_the_length_and_the_input_that_are_left_open() -> None:
    open_text = import_tokenizer(RECORDED / "plain.json")
    network = _network(InputSpec("features", (2,)), InputSpec("ids", (7,), "int"))
    text = fitted_to(open_text, network)
    assert (text.input, text.vectorizer.length) == ("ids", 7)
    said = fitted_to(import_tokenizer(RECORDED / "plain.json", maxlen=3), network)
    assert said.vectorizer.length == 3
    alone = fitted_to(open_text, _network(InputSpec("ids", (None,), "int")))
    assert (alone.input, alone.vectorizer.length) == (None, None)


def test_a_spec_file_may_say_how_texts_are_read(tmp_path: Path) -> None:
    spec = tmp_path / "network.toml"
    spec.write_text(
        '[[inputs]]\nname = "ids"\nshape = [6]\n[[layers]]\nkind = "Embedding"\n'
        '[text]\nmaxlen = 6\npadding = "post"\ninput = "ids"\n'
        "[text.cleaner]\nlemmas = false\nstop_words = true\n"
        "[text.dictionary]\nfilters = '!'\ndrop_unknown = true\n"
    )
    text = import_text(_written(tmp_path, INDEX), spec)
    assert text.cleaner == Cleaner(lemmas=False, stop_words=True)
    assert text.input == "ids"
    assert text.ids(["Дождь и снег! Мост"]).tolist() == [[2, 3, 0, 0, 0, 0]]
    assert _tokenizer(text).unknown is None


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("maxlength = 5", "text: maxlength: expected one of"),
        ('maxlen = "5"', "maxlen: expected a whole number"),
        ("cleaner = {stemming = true}", "cleaner: stemming"),
        ("dictionary = {lower = 1}", "dictionary: lower: expected true or false"),
    ],
)
def test_what_is_wrong_in_the_text_table_is_named(tmp_path: Path, table: str, message: str) -> None:
    spec = tmp_path / "network.toml"
    spec.write_text(
        f'[[inputs]]\nname = "ids"\nshape = [6]\n[[layers]]\nkind = "Embedding"\n[text]\n{table}\n'
    )
    with pytest.raises(BundleMismatch, match=message):
        import_text(_written(tmp_path, INDEX), spec)
