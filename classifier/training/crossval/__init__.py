"""Cross-validation: stratified folds, each scored by a network that has not seen it.

    data ─▶ folds ─▶ for each: words · vectors · features ─▶ network learns ─┬─▶ scores of the fold
                                                                            └─▶ of the test file
    ─▶ out-of-fold scores · averaged test scores · measures · a bundle for each fold

Whatever is fitted (words, means of features, weights) is fitted to the other folds only.
``run.crossval`` does it, ``writing.write_report`` keeps it.
"""
