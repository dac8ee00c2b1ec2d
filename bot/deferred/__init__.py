"""Deferred attachments: made beside the writer when they are delivered, and made again from the row where that failed."""
