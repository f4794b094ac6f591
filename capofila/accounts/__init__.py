"""People and how they sign in: password and second factor, passkey, identity provider, or a link.

The e-mail address is a person's name here; there is no other. The mail that the program sends stands here
too (`mail.py`), since links and resets are the first to need it.
"""
