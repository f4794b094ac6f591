"""Pages that look into many rooms: so far the demonstration, its company and the visitor's questionnaire."""
