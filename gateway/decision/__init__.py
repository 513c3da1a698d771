"""Policy's answer to one exchange: a pure function of a `Question` and a `RuleBook`; no text, no clock, no disk.

`question` asks, `conditions` says whether a rule's `when` holds, `claims` gathers every voice, `decide` weighs them.
"""
