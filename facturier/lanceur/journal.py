"""What the server writes to its log, without the token that opens the learner's workspace."""

from __future__ import annotations

import logging
import os


class SansJeton(logging.Filter):
    """Hide the token wherever a request's address is logged (tornado writes it as it came)."""

    def filter(self, record: logging.LogRecord) -> bool:
        jeton = os.environ.get("JUPYTER_TOKEN")
        message = record.getMessage()
        if jeton and jeton in message:
            record.msg, record.args = message.replace(jeton, "***"), ()
        return True
