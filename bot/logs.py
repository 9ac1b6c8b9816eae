"""Logging, configured by the command line alone: text or JSON lines, and never a secret."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from types import TracebackType

# A bot's token, wherever it stands: in an address it follows "bot" without a break.
_TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}")
_HIDDEN = "<hidden>"

# What libraries tell of their own accord. httpx and httpcore tell whole
# addresses, and a bot's address holds its token; the HTML readers call every
# untidy page an error, and python-telegram-bot every broken answer, with a
# traceback: our own records tell both better.
_LIBRARIES = {
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,
    "asyncio": logging.WARNING,
    "htmldate": logging.CRITICAL,
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
    "pymorphy2": logging.WARNING,
    "pymorphy3": logging.WARNING,
    "telegram": logging.CRITICAL,
    "trafilatura": logging.CRITICAL,
}

ExceptHook = Callable[[type[BaseException], BaseException, "TracebackType | None"], None]
_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Redactor:
    """Takes secrets out of text: the ones it was told, and all that look like bot tokens."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return ``text`` without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _TOKEN.sub(_HIDDEN, text)


class TextFormatter(logging.Formatter):
    """One line a record for people; tracebacks are redacted as well."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", datefmt="%Y-%m-%d %H:%M:%S")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        return self._redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line for machines, with the record's action and subject."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a JSON object."""
        told = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{key: value for key, value in vars(record).items() if key not in _ORDINARY},
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return self._redact(json.dumps(told, ensure_ascii=False, default=str))


def configure_logging(
    *, secrets: Iterable[str] = (), as_json: bool = False, level: int = logging.INFO
) -> Redactor:
    """Send log records to standard error, redacted; return what redacts them."""
    redact = Redactor(secrets)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(redact) if as_json else TextFormatter(redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for library, least in _LIBRARIES.items():
        logging.getLogger(library).setLevel(max(level, least))
    sys.excepthook = _report_with(redact)
    return redact


def _report_with(redact: Redactor) -> ExceptHook:
    def report(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        logging.getLogger("newsieve").critical(
            "stopped by an unexpected error: %s",
            redact(f"{kind.__name__}: {error}"),
            exc_info=(kind, error, trace),
            extra={"action": "crashed"},
        )

    return report
