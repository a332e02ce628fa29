"""The unmodified AIStore SDK against a Forebay server: `aistore_sdk.py URL STORAGE_NODES [GATEWAYS [TOPIC…]]`.

Runs with 1.25.0, 1.26.0 and 2.0.0; what only newer versions have is asked for where they have it. Every method and
message of objects and buckets that needs no job over a whole bucket has a check, each in the file of its topic.
"""

import sys
from importlib.metadata import version

import aistore_buckets
import aistore_cluster
import aistore_listing
import aistore_objects
import aistore_readers
import aistore_writers
import suite
from aistore_case import NODES

TOPICS = [aistore_cluster, aistore_buckets, aistore_objects, aistore_writers, aistore_readers, aistore_listing]


def main():
    """Runs the topics that the arguments name, all without any."""
    wanted = sys.argv[4:]
    checks = []
    for topic in TOPICS:
        if not wanted or topic.__name__.removeprefix("aistore_") in wanted:
            checks += suite.checks_of(vars(topic))
    suite.run(f"aistore {version('aistore')} with {NODES} nodes", checks)


if __name__ == "__main__":
    main()
