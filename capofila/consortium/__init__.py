"""The hub, its partners, the people who work for them, and who may do what (`access.py`).

Nobody may do anything until a membership says so: a role, at a partner, from a day until a day. People
come in by invitation, change role, and leave; their rows stay.
"""
