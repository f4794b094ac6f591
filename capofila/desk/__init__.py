"""Pages that look into many rooms: so far the demonstration, its company and the visitor's questionnaire."""

QUESTIONNAIRE = "digital-maturity"  # the one visitors answer, in its newest version
