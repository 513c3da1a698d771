"""Bytes to prompt parts and back: composable codecs, exact edits, selectors. No policy, no I/O, no clock."""
