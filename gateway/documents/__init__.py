"""Uploads: file bytes to text segments and "was everything read?"; and back, with the findings replaced.

`reader` is the door: one confined process per file (`child`), in which `extract` names the kind of the bytes and
hands them to the reader of that family. A file that was not read to the end carries gaps, which policy answers.
"""
