"""Phrases: facts about a person, confidentiality, decision requests, registered documents, and who a text is about.

Everything here is a pure function of a text, the word lists of the rulebook and what stage 1 found.
"""
