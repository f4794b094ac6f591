"""Capofila: the operating system of a digital innovation hub.

A hub finds companies, measures their digital maturity, tells them what to do next,
delivers the services, accounts for the public money and shows what came of it. The
packages here are rooms, cut along that journey; each imports only from earlier ones:

lib, web, accounts, companies, instruments, assessments, reports, desk.

Start with docs/tour.md; the map that is checked is .importlinter.
"""

__version__ = "0.1.0"
