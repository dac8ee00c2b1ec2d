"""What an operator has to do with: rules and answers as files, retention, what stands still, the doctor."""
