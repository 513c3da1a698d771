"""How much restoring costs: CPU-microseconds per event, for text without tokens, with some, and with many.

    python tests/bench/restoration.py [--json]

`plain` is the same loop with a function that gives each chunk back. `share` is what is left of the events per
CPU-second of a proxy that itself spends 125 or 230 microseconds per event (HTTP/2 and HTTP/1.1, `reference` figures).
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence

from gateway.enforcement.ledger import Ledger
from gateway.enforcement.restoration import Restorer
from gateway.enforcement.vault import Cipher, Conversation, VaultKeys
from gateway.model.inspection import Entity
from gateway.model.traffic import AnswerFormat

EVENTS = 5000
PROXY_MICROSECONDS = (125.0, 230.0)


def conversation() -> Conversation:
    """Twenty names and identifiers, as a long conversation has."""
    made = Conversation(Ledger(), Cipher(VaultKeys.random(), b"bench"), "c")
    for number in range(20):
        made.token_for(Entity.PERSON, f"Voornaam Achternaam{number}")
    return made


def openai(words: Sequence[str]) -> list[bytes]:
    """One event per chunk, as such streams arrive."""
    rows = [
        {"id": "chatcmpl-0123456789", "object": "chat.completion.chunk", "created": 1795355400, "model": "m",
         "choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]}
        for word in words
    ]  # fmt: skip
    return [f"data: {json.dumps(row, ensure_ascii=False)}\n\n".encode() for row in rows]


def words(every: int) -> list[str]:
    """Words of an answer with one token, split over four events, in every so many events; 0 for none."""
    out = ["Beste", " mevrouw", ",", " dank", " voor", " uw", " bericht", " over", " de", " parkeervergunning", ".\n\n"]
    text = [out[number % len(out)] for number in range(EVENTS)]
    if every:
        for at in range(0, EVENTS - 4, every):
            text[at : at + 4] = [" [PER", "SOON", "-3", "] "]
    return text


def measure(chunks: Sequence[bytes], make: Callable[[], Callable[[bytes], bytes]]) -> float:
    """CPU-microseconds per event, the best of five runs."""
    best = float("inf")
    for _ in range(5):
        feed = make()
        start = time.process_time()
        for chunk in chunks:
            feed(chunk)
        best = min(best, time.process_time() - start)
    return best / len(chunks) * 1e6


def restoring() -> Callable[[bytes], bytes]:
    format_ = AnswerFormat(("body.choices[*].delta.content",))
    return Restorer("text/event-stream", format_, conversation()).feed


def plain() -> Callable[[bytes], bytes]:
    return lambda chunk: chunk


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    rows = []
    for name, every in (("no tokens", 0), ("a token per 50 events", 50), ("a token per 8 events", 8)):
        chunks = openai(words(every))
        cost = measure(chunks, restoring) - measure(chunks, plain)
        share = [proxy / (proxy + cost) for proxy in PROXY_MICROSECONDS]
        rows.append({"text": name, "microseconds_per_event": round(cost, 2), "share": [round(s, 3) for s in share]})
    print(json.dumps(rows, indent=1) if as_json else "\n".join(map(str, rows)))


if __name__ == "__main__":
    main()
