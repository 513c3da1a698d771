"""The journal and what is made of it: events, pseudonyms, verification, retention, exports, reports.

No type this room may import carries prompt text, so nothing it writes can hold any.
"""
