"""Reports: what each figure means, and how it is counted. docs/figures.md tells it in words; nothing here reads or draws."""
