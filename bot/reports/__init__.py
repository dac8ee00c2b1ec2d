"""Reports: their facts are read beside the writer, counted in a thread, and shown as a picture, a workbook, text, CSV or JSON."""
