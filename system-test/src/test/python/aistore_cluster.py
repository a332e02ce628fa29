"""What the SDK asks of a cluster."""

from aistore_case import GATEWAYS, NODES, URL, client
from suite import equal, holds


def check_cluster_is_ready():
    cluster = client.cluster()
    holds(cluster.is_ready(), "the cluster is not ready")
    info = cluster.get_info()
    equal(len(info.tmap), NODES, "storage nodes")
    equal(len(info.pmap), GATEWAYS, "gateways")
    holds(info.uuid, "the cluster has no id")
    equal(cluster.get_uuid(), info.uuid, "cluster id")
    if GATEWAYS == 1:
        equal(cluster.get_primary_url(), URL, "primary URL")


def check_performance_of_every_node():
    equal(len(client.cluster().get_performance()), NODES, "nodes with numbers")


def check_no_jobs_and_no_etls():
    equal(client.cluster().list_running_jobs(), [], "running jobs")
    equal(client.cluster().list_jobs_status(), [], "jobs")
    equal(client.cluster().list_etls(), [], "ETLs")
