"""XLSForm, the way other people write questionnaires, to and from ours.

Reading: `survey` finds questions, groups and lists, `checks` whether names and references are sound;
`questions`, `parts`, `levels` and `when` make them ours, `reading` puts an instrument and its words
together. `writing` goes the other way. Columns: `vocabulary`. Conditions: `xpath` and `relevance`.
"""
