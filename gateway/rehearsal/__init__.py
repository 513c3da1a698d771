"""Trying a rulebook before it counts, and asking afterwards what it did.

`cases` runs the tests beside the rules, `apart` does so in a process of its own before a reload, `replay` re-decides
stored questions, `explain` tells a decision from its record, `shadow` counts what shadow rules would have done.
"""
