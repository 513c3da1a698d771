"""What a person reads when the connection itself fails: too large, service not reachable, not understood.

The engine asks for these bytes where it cannot ask the rulebook; nothing of the request is repeated.
"""

from gateway.model.notice import Notice, NoticeText
from gateway.pages.notice import page

_TEXTS = {
    413: (
        NoticeText(
            "nl",
            "Dit bericht is te groot",
            "De AI-poort neemt geen berichten of bestanden van deze omvang aan.",
            "Wat niet gecontroleerd kan worden, gaat niet naar buiten.",
            ("Deel het bestand op of kort het in.",),
        ),
        NoticeText(
            "en",
            "This message is too large",
            "The AI gateway does not accept messages or files of this size.",
            "What cannot be checked does not leave.",
            ("Split the file or make it shorter.",),
        ),
    ),
    502: (
        NoticeText(
            "nl",
            "De AI-dienst is nu niet bereikbaar",
            "De AI-poort kreeg geen verbinding met de dienst.",
            "Er is niets mis met uw vraag.",
            ("Probeer het later opnieuw.",),
        ),
        NoticeText(
            "en",
            "The AI service cannot be reached now",
            "The AI gateway could not connect to the service.",
            "Nothing is wrong with your question.",
            ("Try again later.",),
        ),
    ),
    400: (
        NoticeText(
            "nl",
            "Dit verzoek is niet begrepen",
            "De AI-poort kon het verzoek van uw programma niet lezen.",
            "Wat niet gelezen kan worden, gaat niet naar buiten.",
            ("Meld dit bij de helpdesk.",),
        ),
        NoticeText(
            "en",
            "This request was not understood",
            "The AI gateway could not read what your program sent.",
            "What cannot be read does not leave.",
            ("Tell the help desk.",),
        ),
    ),
}


def error_page(status: int, _message: str = "") -> bytes:
    """The page for an HTTP status; `_message` is the engine's, may quote the request, and is not shown."""
    texts = _TEXTS.get(status) or _TEXTS[502 if status >= 500 else 400]
    return page(Notice(f"engine.{status}", str(status), texts)).encode()
