#!/usr/bin/env python3
"""Django's command line for Countersign."""

import os
import sys

from config.local import adopt_demo, go_direct

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    adopt_demo(sys.argv)
    go_direct(sys.argv)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
