"""Who did what, about what, and when: entries that are only added, each sealed by a hash over the one before.

Names stand apart from the entries, so that a person can be erased while the chain still verifies. In
words, with a hash worked out: docs/rules/journal.md
"""
