"""People's names: words and what the lexicon knows of them, the grammar of a name, who holds office, later mentions."""
