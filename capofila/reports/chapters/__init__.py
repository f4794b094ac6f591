"""The chapters of the company's report, a module each, every one written from a `Picture`."""
