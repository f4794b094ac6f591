"""People and how they sign in. The e-mail address is a person's name here; there is no other."""
