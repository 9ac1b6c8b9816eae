"""Measuring: how fast newsieve is beside other ways to the same answer, in one run."""
