"""Passwords and codes: the words that announce them, the notations of code and settings, and what a secret looks like."""
