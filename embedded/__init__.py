"""Runs the whole of TechStock on one machine from packages, without containers."""

import sys

if sys.version_info < (3, 12):  # noqa: UP036 - said here, before newer syntax is read
    sys.exit("TechStock needs Python 3.12 or newer; this is {}.{}.".format(*sys.version_info))
