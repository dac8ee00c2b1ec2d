"""What the desk asks of any messenger, and what the messengers share."""
