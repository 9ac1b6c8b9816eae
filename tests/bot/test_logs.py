from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest

from bot.logs import JsonFormatter, Redactor, TextFormatter

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"


def record(message: str, *args: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("bot", logging.INFO, __file__, 1, message, args, None)
    vars(made).update(extra)
    return made


@pytest.mark.parametrize("text", [TOKEN, f"https://api.telegram.org/bot{TOKEN}/getMe", f"x{TOKEN}"])
def test_a_token_is_hidden_wherever_it_stands(text: str) -> None:
    assert TOKEN not in Redactor()(text)
    assert "<hidden>" in Redactor()(text)


def test_secrets_from_the_settings_are_hidden() -> None:
    assert Redactor(["pass", "password"])("postgresql://u:password@h") == (
        "postgresql://u:<hidden>@h"
    )


def test_a_record_as_json_carries_its_action_and_subject() -> None:
    line = JsonFormatter(Redactor(["s3cret"])).format(
        record("item %d с3cret s3cret", 7, action="item_rejected", item=7, reason="bad")
    )
    told = json.loads(line)
    assert (told["action"], told["item"], told["reason"]) == ("item_rejected", 7, "bad")
    assert told["level"] == "info"
    assert told["message"] == "item 7 с3cret <hidden>"


def test_a_traceback_is_redacted_too() -> None:
    made = record("failed")
    try:
        raise ValueError(f"bad answer for /bot{TOKEN}/getMe")
    except ValueError:
        made.exc_info = sys.exc_info()
    assert "ValueError: bad answer" in TextFormatter(Redactor()).format(made)
    assert TOKEN not in TextFormatter(Redactor()).format(made)


def test_an_uncaught_exception_is_reported_without_the_token() -> None:
    code = (
        "from bot.logs import configure_logging\n"
        "configure_logging()\n"
        f"raise RuntimeError('at bot{TOKEN}/x')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "stopped by an unexpected error: RuntimeError: at bot<hidden>/x" in done.stderr
    assert TOKEN not in done.stderr
