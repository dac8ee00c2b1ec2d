"""The page: both simulated messengers side by side in a browser, and the desk between them."""
