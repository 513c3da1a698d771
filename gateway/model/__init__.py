"""The nouns every room shares: frozen, slotted dataclasses, tuples for collections, enums with their wire value.

`traffic` holds what crosses the wire, `inspection` what detection found, `policy` what was asked and
decided, `notice` what a person reads, `record` what the journal keeps. Nothing here imports another room.
"""
