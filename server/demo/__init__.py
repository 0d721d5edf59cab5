"""The demo host app: Acme, a product that has Handrail in it."""

from server.demo.app import create_demo, serve_demo

__all__ = ["create_demo", "serve_demo"]
