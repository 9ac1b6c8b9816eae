"""The demo: sample news sites on loopback, and the whole way of their items through newsieve."""
