"""A suite of checks as plain functions: run one after the other, counted, failures shown as they happen."""

import itertools
import os
import random
import sys
import time
import traceback

_names = itertools.count(1)
_tag = f"{os.getpid():x}{int(time.time() * 1000) % 0xFFFFFF:06x}"


def unique(prefix="py"):
    """A bucket name that no other run uses, legal for S3 too."""
    return f"{prefix}-{_tag}-{next(_names)}"


def content(size, seed=0):
    """Bytes that differ by seed and position."""
    return random.Random(f"{size}/{seed}").randbytes(size)


def equal(actual, expected, what="value"):
    """Fails unless both are the same; long values are cut in the message."""
    if actual != expected:
        raise AssertionError(f"{what}: expected {_shown(expected)}, got {_shown(actual)}")


def holds(condition, what):
    """Fails with that text unless the condition holds."""
    if not condition:
        raise AssertionError(what)


def raises(kind, call, *arguments, **named):
    """The exception of that kind which a call raises; fails when it raises none."""
    try:
        result = call(*arguments, **named)
    except kind as raised:
        return raised
    raise AssertionError(f"expected {kind}, got {_shown(result)}")


def run(title, checks):
    """Runs (name, function) pairs, prints the counts as the last line, and exits with 0 when all passed."""
    passed = failed = 0
    began = time.monotonic()
    for name, check in checks:
        try:
            check()
            passed += 1
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print(f"FAILED {title}: {name}", flush=True)
            traceback.print_exc(file=sys.stdout)
    print(f"{title}: {time.monotonic() - began:.1f} s")
    print(f"{passed} passed, {failed} failed", flush=True)
    sys.exit(1 if failed else 0)


def checks_of(scope):
    """Every function of a module or object whose name begins with `check_`, in the order of the source."""
    found = [(name, value) for name, value in scope.items() if name.startswith("check_") and callable(value)]
    return [(name.removeprefix("check_").replace("_", " "), value) for name, value in found]


def _shown(value):
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)"
