"""The knowledge base as it is asked, browsed and kept."""
