"""How the first version of the document templates was made; see docs/documents.md."""
