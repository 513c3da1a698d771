"""Logging: whatever a library or we log, at any level, no word of the traffic comes out."""

import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest

from gateway.observability import logs

CANARY = "kanarie-999912343"


@pytest.fixture(autouse=True)
def _restore_logging() -> Iterator[None]:
    root = logging.getLogger()
    kept = (root.handlers[:], root.level, sys.excepthook, threading.excepthook, sys.unraisablehook)
    yield
    logging.captureWarnings(False)
    root.handlers[:], sys.excepthook, threading.excepthook, sys.unraisablehook = kept[0], *kept[2:]
    root.setLevel(kept[1])
    logging.raiseExceptions = True


def fail_with_canary() -> None:
    prompt = CANARY
    try:
        int(prompt)
    except ValueError as error:
        raise RuntimeError(prompt) from error


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING", "ERROR"])
@pytest.mark.parametrize("form", ["json", "console"])
def test_no_canary_leaves_through_any_door_at_any_level(level: str, form: str) -> None:
    out = io.StringIO()
    logs.configure(level, form, out)  # type: ignore[arg-type]
    ours, foreign = logs.get_logger("gateway.test"), logging.getLogger("mitmproxy.proxy.server")
    presidio = logging.getLogger("presidio-analyzer")
    for speak in (ours.debug, ours.info, ours.warning, ours.error):
        speak("rules-loaded", prompt=CANARY, revision="r1")
        speak(f"we said {CANARY}")
        speak("request-failed", reason=object(), step={"text": CANARY})
    foreign.addHandler(logging.StreamHandler(out))  # as presidio does for its decision trace
    logs.configure(level, form, out)  # type: ignore[arg-type]
    for logger in (foreign, presidio):
        logger.setLevel(logging.DEBUG)
        logger.debug("word %s", CANARY)
        logger.error(f"body: {CANARY}")
        logger.error("bad arguments %d", CANARY)
        logger.error("two %s", *(CANARY, CANARY))
    try:
        fail_with_canary()
    except RuntimeError as error:
        ours.exception("crashed")
        ours.error("crashed", error=error)
        foreign.exception("layer crashed with %s", CANARY)
        foreign.error("stack", stack_info=True)
    warnings.warn(f"careful with {CANARY}", stacklevel=1)
    assert CANARY not in out.getvalue()
    assert "RuntimeError" in out.getvalue()


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_error_keeps_type_place_and_cause() -> None:
    out = io.StringIO()
    logs.configure("INFO", "json", out)
    try:
        fail_with_canary()
    except RuntimeError:
        logs.get_logger("gateway.test").exception("crashed", step="decide")
    (line,) = lines(out)
    assert line["event"] == "crashed"
    assert line["step"] == "decide"
    assert line["error_type"] == "RuntimeError"
    assert line["error_cause"] == ["ValueError"]
    assert str(line["error_at"]).count("test_logs.py:") == 2


def test_unknown_fields_are_dropped_and_counted() -> None:
    out = io.StringIO()
    logs.configure("INFO", "json", out)
    logs.get_logger("gateway.test").info("rules-loaded", revision="r1", prompt="x", answer="y")
    (line,) = lines(out)
    assert (line["revision"], line["dropped"]) == ("r1", 2)
    assert "prompt" not in line


def test_a_record_of_a_library_says_only_who_and_where() -> None:
    out = io.StringIO()
    logs.configure("INFO", "json", out)
    logging.getLogger("mitmproxy").warning("client said %s", CANARY)
    (line,) = lines(out)
    assert line["event"] == logs.FOREIGN_EVENT
    assert line["logger"] == "mitmproxy"
    assert str(line["file"]).endswith(
        f"test_logs.py:{test_a_record_of_a_library_says_only_who_and_where.__code__.co_firstlineno + 3}"
    )


def test_the_root_logger_is_ours_alone() -> None:
    root = logging.getLogger()
    root.addHandler(logging.StreamHandler(io.StringIO()))
    root.setLevel(logging.DEBUG)
    logs.configure("DEBUG", "json", io.StringIO())
    assert len(root.handlers) == 1
    assert root.level == logging.WARNING
    assert not logging.getLogger("presidio-analyzer.x").isEnabledFor(logging.DEBUG), "its debug records cost 4 ms each"


def test_errors_in_threads_and_at_the_top_are_reduced(capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    logs.configure("INFO", "json", out)
    thread = threading.Thread(target=fail_with_canary)
    thread.start()
    thread.join()
    try:
        fail_with_canary()
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    assert [line["event"] for line in lines(out)] == ["uncaught-error-in-thread", "uncaught-error"]
    assert CANARY not in out.getvalue() + capsys.readouterr().err


async def test_a_task_nobody_awaited_is_reduced() -> None:
    out = io.StringIO()
    logs.configure("INFO", "json", out)
    loop = asyncio.get_running_loop()
    logs.watch_loop(loop)
    loop.call_soon(fail_with_canary)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    (line,) = lines(out)
    assert (line["event"], line["error_type"]) == ("task-failed", "RuntimeError")
