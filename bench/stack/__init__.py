"""The production stack on this machine: the very commands of docker-compose.yml, on loopback."""

from bench.stack.parts import Part
from bench.stack.running import Stack

__all__ = ["Part", "Stack"]
