"""The logging set-up: one root handler of ours, event names and known fields only, errors as type and place.

Records of other libraries may quote the traffic (mitmproxy prints bodies when a layer crashes, Presidio prints
context words), so their messages are never written: only which logger spoke, where in its code, and how loud.
"""

import asyncio
import logging
import re
import sys
import threading
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import IO, Any, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Fields = MutableMapping[str, Any]

KNOWN_FIELDS = frozenset(
    {
        "action", "address", "alive", "attempts", "bytes", "certificate", "check", "checks", "code", "command",
        "count", "decision_id", "deadline_s", "directory", "endpoint", "entity", "error_at", "error_cause",
        "error_type", "event", "file", "format", "hook", "host_class", "kind", "layer", "level", "limit",
        "line", "listener", "logger", "mode", "opt_out", "pid", "port", "problem", "reason", "result",
        "revision", "rows", "rule", "seconds", "segment", "setting", "side", "signal", "state", "status",
        "step", "task", "thread", "timestamp", "tool", "transport", "verdict", "version", "worker", "workers",
    }
)  # fmt: skip
"""The only fields a log line may have; anything else is dropped and its name is counted in `dropped`."""

FOREIGN_EVENT = "library-record"
UNNAMED_EVENT = "unnamed-event"

_EVENT_NAME = re.compile(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*", re.ASCII)
_MAX_VALUE = 200
_MAX_FRAMES = 12
_ROOTS = tuple(sorted((str(Path(entry).resolve()) + "/" for entry in sys.path if entry), key=len, reverse=True))


def configure(level: str = "INFO", form: Literal["json", "console"] = "json", stream: IO[str] | None = None) -> None:
    """Take over all logging of this process; may be called again (last call wins).

    `level` is for our own loggers; other libraries are heard from WARNING up, reduced, whatever the level is.
    Call it after a library that meddles with the root logger (mitmproxy) was imported, before it runs.
    """
    render: Processor = structlog.processors.JSONRenderer()
    if form == "console":
        render = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=_no_exception)
    shared: list[Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _reduce_foreign],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    _silence_other_doors()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("gateway").setLevel(level.upper())
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # else a failing handler prints the arguments of the record to stderr
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            reduce_exception,
            keep_known_fields,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    _own_last_resorts()


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for a module of ours; `name` starts with `gateway`."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger


def watch_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Report exceptions nobody awaited as type and place; asyncio's own handler prints `repr`s of the context."""

    def report(_loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        get_logger("gateway.asyncio").error("task-failed", exc_info=context.get("exception"))

    loop.set_exception_handler(report)


def describe(error: BaseException) -> dict[str, Any]:
    """What may be known of an error: `error_type`, `error_at` (places, innermost first), `error_cause` (types)."""
    places = [_place(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    causes: list[str] = []
    seen = {id(error)}
    link = error.__cause__ or error.__context__
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        causes.append(_type_name(link))
        link = link.__cause__ or link.__context__
    described: dict[str, Any] = {"error_type": _type_name(error), "error_at": places[::-1][:_MAX_FRAMES]}
    if causes:
        described["error_cause"] = causes
    return described


def reduce_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """structlog processor: `exc_info` and `error` become type and place; messages and locals are never read."""
    given = event.pop("exc_info", None)
    error = event.pop("error", None)
    event.pop("stack_info", None)
    if isinstance(given, BaseException):
        error = given
    elif isinstance(given, tuple):
        error = given[1]
    elif given:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event.update(describe(error))
    return event


def keep_known_fields(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """structlog processor: drop fields nobody declared, and values that are not short plain data."""
    kept: dict[str, Any] = {}
    dropped = 0
    for name, value in event.items():
        if name.startswith("_"):
            kept[name] = value
        elif name not in KNOWN_FIELDS:
            dropped += 1
        else:
            kept[name] = _plain(value)
    if not _EVENT_NAME.fullmatch(str(event.get("event", ""))):
        kept["event"] = UNNAMED_EVENT
    if dropped:
        kept["dropped"] = dropped
    return kept


def _reduce_foreign(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    event["event"] = FOREIGN_EVENT
    event["file"] = _place(record.pathname, record.lineno)
    if record.exc_info and record.exc_info[1] is not None:
        event.update(describe(record.exc_info[1]))
    event.pop("exc_info", None)
    event.pop("stack_info", None)
    record.exc_info = record.exc_text = record.stack_info = None
    return keep_known_fields(_logger, _method, event)


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if len(value) <= _MAX_VALUE else value[:_MAX_VALUE] + "…"
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return type(value).__name__


def _place(file: str, line: int | None) -> str:
    for root in _ROOTS:
        if file.startswith(root):
            return f"{file.removeprefix(root)}:{line}"
    return f"{Path(file).name}:{line}"


def _type_name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _no_exception(_stream: IO[str], _exc_info: object) -> None:
    """The console renderer never prints an exception; `reduce_exception` already told what may be told."""


def _silence_other_doors() -> None:
    """Libraries keep no handler, level or private door of their own: all their records come to the root handler."""
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.NOTSET)


def _own_last_resorts() -> None:
    """Errors that reach the top of a thread or the interpreter are reported in our form as well."""
    log = get_logger("gateway.process")

    def uncaught(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            return
        log.critical("uncaught-error", exc_info=error)

    def uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
            log.critical("uncaught-error-in-thread", exc_info=arguments.exc_value)

    def unraisable(arguments: Any) -> None:  # noqa: ANN401 - typeshed has no public name for this argument
        log.error("error-in-finalizer", exc_info=arguments.exc_value)

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread
    sys.unraisablehook = unraisable
