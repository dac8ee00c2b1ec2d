"""The messengers on loopback: for the demo, the tests and the benches."""
