"""Records what scikit-learn answers: exported pipelines with its scores, in ``sklearn/``.

pip install scikit-learn
python -m tests.recorded.make_sklearn
"""

from __future__ import annotations

from pathlib import Path

from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.pipeline import make_pipeline

from classifier.training.sklearn_export import export_sklearn

FOLDER = Path(__file__).parent / "sklearn"
GOOD = [
    "В парке посадили двести молодых лип, помогали школьники",
    "Новый мост через реку открыли для движения",
    "В библиотеке прошёл вечер поэзии, пришли сорок человек",
    "Ёжики вышли из спячки: весна началась рано",
    "Школьники нашли в реке старинную монету",
    "Открыли новый парк, в нём посадили липы и клёны",
]
BAD = [
    "Скидки до 70% только сегодня, успей купить",
    "Гороскоп на завтра: что ждёт Овнов",
    "Купить квартиру со скидкой, звони прямо сейчас",
    "10 причин купить новый телефон со скидкой",
    "Гороскоп на неделю: звёзды советуют купить",
    "Успей: распродажа шуб, скидки, кредит",
]
TEXTS, LABELS = GOOD + BAD, [0] * len(GOOD) + [1] * len(BAD)
NAMES = ["good"] * len(GOOD) + ["bad"] * len(BAD)
ASKED = [
    "",
    "qwzx",
    "В новом парке открыли мост",
    "СКИДКИ, скидки, скидки! Купить клёны со скидкой",
    "Гороскоп для ёжиков — на завтра",
    "мост " * 40,
]

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)

    def record(name: str, *steps: object, labels: list[int] | list[str] = LABELS) -> None:
        pipeline = make_pipeline(*steps).fit(TEXTS, labels)
        export_sklearn(pipeline, FOLDER / f"{name}.json", texts=ASKED)

    record("log_loss", TfidfVectorizer(), SGDClassifier(loss="log_loss", random_state=1))
    record(
        "modified_huber",
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, stop_words=["на", "для"]),
        SGDClassifier(loss="modified_huber", random_state=1),
    )
    record(
        "hinge",
        CountVectorizer(binary=True, strip_accents="unicode", lowercase=False),
        TfidfTransformer(norm="l1"),
        SGDClassifier(random_state=1),
    )
    record(
        "characters",
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), use_idf=False, norm=None),
        LogisticRegression(),
        labels=NAMES,
    )
    record(
        "counts",
        CountVectorizer(analyzer="char", ngram_range=(1, 2), token_pattern=None),
        LogisticRegression(),
    )
