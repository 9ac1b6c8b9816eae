"""Gradients by numpy alone: how the loss grows with each weight of a network."""

from classifier.training.gradients.graph import TrainingGraph, WeightGradients

__all__ = ["TrainingGraph", "WeightGradients"]
