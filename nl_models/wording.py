"""Closed classes of words around names: prefixes (tussenvoegsels) and titles, folded (see `folding.fold`)."""

PREFIXES = frozenset(
    {
        "'s", "'t", "aan", "ait", "al", "abu", "ben", "bin", "bint", "da", "das", "de", "del", "della", "den", "der",
        "des", "di", "do", "dos", "du", "el", "het", "ibn", "in", "la", "le", "lo", "op", "oulad", "ould", "te",
        "ten", "ter", "tot", "ul", "van", "vande", "vander", "ver", "von", "zu", "zum", "zur", "y",
    }
)  # fmt: skip
TITLES = frozenset(
    {
        "dhr", "dhr.", "mevr", "mevr.", "mw", "mw.", "mej", "mej.", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr",
        "dr.", "drs", "drs.", "ir", "ir.", "ing", "ing.", "prof", "prof.", "ds", "ds.", "jhr", "jhr.", "heer", "heren",
        "meneer", "mevrouw", "mevrouwen", "juffrouw", "juf", "meester", "dokter", "doctor", "professor", "dominee",
        "pastoor", "imam", "familie", "fam", "fam.", "gezin", "erven", "echtpaar", "weduwe", "wed.", "sir",
        "madame", "baron", "barones", "jonkheer", "buurvrouw", "buurman", "tante", "oom", "opa", "oma",
    }
)  # fmt: skip
