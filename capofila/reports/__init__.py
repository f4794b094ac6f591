"""The company's report, composed from every room before: scores, words, steps, notes.

`compose` gathers one `Picture` and lets each module of `chapters/` write its chapter from it; the
sentences stand in `data/`, never in code. What is handed over is stored with its data and checksum.
"""
