"""Tables as files that a spreadsheet opens: XLSX and CSV."""
