"""What the desk is told to be and to answer: rules, request types, forms, articles, and what was done."""
