"""Benchmarks that run whole processes side by side."""
