"""Kinds of models side by side on one labelled file: the same split, the same measures."""
