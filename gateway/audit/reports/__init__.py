"""Reports over the journal, in Dutch for the people who must account for AI use; each a pure function of its facts.

No report is about a person, and none can be: pseudonyms are only counted. Departments under ten people roll up.
"""
