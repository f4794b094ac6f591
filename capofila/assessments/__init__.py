"""One company answers one instrument: answers, scores, coverage; later the interview itself.

An assessment is pinned to an instrument version. Answers are events (`AnswerEntry`, rows only
added) and the current answer is a fold over them; `rules/` knows nothing of tables.
"""
