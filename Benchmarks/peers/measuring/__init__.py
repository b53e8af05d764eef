"""Measures the gateway against HAProxy, nginx and Envoy; see README.md beside this folder."""
