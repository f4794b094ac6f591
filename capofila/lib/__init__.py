"""What every room stands on: refusals, files, documents, charts. Knows no Django."""
