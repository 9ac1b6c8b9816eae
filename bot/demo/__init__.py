"""The demo: sample news sites on loopback, and the whole way of their items through newsieve."""

from bot.demo.demo import DemoResult, run_demo

__all__ = ["DemoResult", "run_demo"]
