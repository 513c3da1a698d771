"""The parent of detection workers: a small process without threads that loads rules and models once, then only forks.

    python -m gateway.detection.nursery FD

FD is a Unix socket. The gateway sends one pickle (rules, lists, model paths), gets `{"ready": …}`, and then asks for
workers with one byte each; the answer is the worker's process id with its socket and a pidfd beside it. Closing the
socket ends the nursery; closing a worker's socket ends the worker. Nothing here writes to a stream or a log.
"""

import gc
import os
import pickle
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from gateway.detection.frames import HEADER, dump, encode, receive
from gateway.detection.inspector import Inspector
from gateway.detection.memory import give_back, private, resident
from gateway.errors import GatewayError

TIDY_EVERY = 32
"""Answers after which a worker gives back memory, and looks whether it has grown too much."""

LARGE = 50_000
"""Code points of one request after which it does so at once."""

_MOST_OWNED = 0.18
"""Share of what the nursery loaded that a worker may own; more and it is worn. Writing reference counts alone makes
shared pages its own, slowly."""


def isolate() -> bool:
    """Leave the network, where the platform lets an ordinary user do so. No core dumps either: they hold text."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    except OSError:
        return False
    return True


def nurse(parent: socket.socket) -> None:
    """Load once, then fork a worker for every byte that comes in."""
    isolated = isolate()
    try:
        rules, lists, models = pickle.loads(_configuration(parent))  # noqa: S301 - from our own parent
        inspector = Inspector(rules, lists, models)
        inspector.warm()
    except GatewayError as error:
        parent.sendall(encode({"error": str(error)}))
        return
    except Exception as error:  # noqa: BLE001 - the parent must hear of it, by type only
        parent.sendall(encode({"error": type(error).__name__}))
        return
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    give_back()
    gc.freeze()
    most = int(resident() * _MOST_OWNED)
    parent.sendall(encode({"ready": True, "isolated": isolated}))
    while parent.recv(1):
        ours, theirs = socket.socketpair()
        child = os.fork()
        if child == 0:
            parent.close()
            ours.close()
            with suppress(OSError):
                work(theirs, inspector, most)
            os._exit(0)
        theirs.close()
        with ours, handle_of(child) as handle:
            socket.send_fds(parent, [encode({"pid": child})], [ours.fileno(), *handle])


@contextmanager
def handle_of(child: int) -> Iterator[list[int]]:
    """A pidfd of a process, which stays its own when the number is given out again; none where there are none."""
    try:
        handle = os.pidfd_open(child)
    except (AttributeError, OSError):
        yield []
        return
    try:
        yield [handle]
    finally:
        os.close(handle)


def work(connection: socket.socket, inspector: Inspector, most: int) -> None:
    """A worker's life: texts in, findings out, until the socket closes. A failure is answered by its type only.

    An answer says `worn` once the worker owns more than `most` bytes: it is to be replaced.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    answers, worn = 0, False
    while (texts := receive(connection)) is not None:
        size = sum(map(len, texts))
        try:
            answer = encode({"parts": dump([inspector.inspect_text(text) for text in texts]), "worn": worn})
        except Exception as error:  # noqa: BLE001 - the text must not get into a traceback
            answer = encode({"error": type(error).__name__})
        connection.sendall(answer)
        answers += 1
        if size >= LARGE or answers % TIDY_EVERY == 0:
            del texts, answer
            give_back()
            worn = private() > most


def _configuration(parent: socket.socket) -> bytes:
    size = HEADER.unpack(parent.recv(HEADER.size, socket.MSG_WAITALL))[0]
    return parent.recv(size, socket.MSG_WAITALL)


if __name__ == "__main__":
    nurse(socket.socket(fileno=int(sys.argv[1])))
