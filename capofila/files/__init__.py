"""Stored bytes, each once, under their checksum; what they are is told by their content.

Who may read a file is asked of the room that owns it: this room has no address of its own, it
stores, and makes the answer in which a file leaves.
"""
