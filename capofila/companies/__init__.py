"""The registry of companies: who they are, their identifiers, profile, size and goals.

Files name companies too (docs/formats.md): `company_file` reads them by the same rules.
"""
