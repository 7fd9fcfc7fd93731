"""Structured logs: one JSON object a line on stderr, with the ids of the request or job at hand."""

import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import structlog
from pydantic_core import to_json

from ascension import __version__

_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def configure(process: str, level: str) -> None:
    """Send structlog and the standard library's loggers to stderr as JSON lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # without local variables: they may hold a token or a password
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        ),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_as_json)],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processor=structlog.processors.JSONRenderer(serializer=_as_json),
        )
    )
    logging.getLogger("asyncio").addFilter(_tell_lost_connections_shortly)
    logging.basicConfig(level=max(_LEVELS[level], logging.WARNING), handlers=[handler], force=True)
    structlog.contextvars.bind_contextvars(process=process, version=__version__)


def _tell_lost_connections_shortly(record: logging.LogRecord) -> bool:
    """Where a connection ends, aiohttp leaves the task alone that sends on it: no fault of ours."""
    if record.exc_info and isinstance(record.exc_info[1], ConnectionError):
        record.exc_info, record.levelno, record.levelname = None, logging.WARNING, "WARNING"
    return True


def _as_json(event: structlog.typing.EventDict, default: Callable[[Any], Any]) -> str:
    """Twice as fast as json's own way: every request writes a line."""
    try:
        return to_json(event, fallback=default).decode()
    except ValueError:  # half a character, or bytes that are no text
        return json.dumps(event, default=default)


def get_logger() -> structlog.typing.FilteringBoundLogger:
    return structlog.get_logger()
