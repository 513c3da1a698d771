"""The rule files on disk and the one immutable `RuleBook` made from them.

`reading` turns YAML into plain trees with places, `documents` say what may stand in them, `load` links them,
`lint` judges them, `book` answers the questions of other rooms.
"""
