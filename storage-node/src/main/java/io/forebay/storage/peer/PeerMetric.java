package io.forebay.storage.peer;

import io.forebay.common.metrics.Metric;

/// What a storage node counts of its dealings with others.
enum PeerMetric implements Metric {
    PREPARED_EPOCH("prepared_epoch", Kind.GAUGE, "The newest epoch of owners that the node has prepared."),
    COMMITS_UNDER_WAY("fenced_commits", Kind.GAUGE, "Commits under way that a change of owners waits for."),
    COMMITS_REFUSED("fenced_commits_refused_total", Kind.COUNTER, "Commits refused because the key's owner changed."),
    ACTIVATIONS_AWAITED(
            "activations_awaited_total", Kind.COUNTER, "Requests that waited for a change of owners to take effect."),
    CALLS("calls_total", Kind.COUNTER, "Requests to other storage nodes, by what and outcome."),
    CONSULTS("consults_total", Kind.COUNTER, "Keys whose newest value was asked for elsewhere, by outcome."),
    ADOPTED("adopted_total", Kind.COUNTER, "Objects fetched because they were asked for before they had moved."),
    ADOPTED_BYTES("adopted_bytes_total", Kind.COUNTER, "Bytes of objects fetched because they were asked for."),
    RELAYED("relayed_total", Kind.COUNTER, "Reads answered with the bytes of another storage node."),
    FORWARDED("forwarded_total", Kind.COUNTER, "Requests sent on to the key's owner."),
    HANDED_OVER("handed_over_total", Kind.COUNTER, "Writes sent on to the owner that the key had got meanwhile."),
    STAGED("staged", Kind.GAUGE, "Objects received for other nodes that are not committed yet."),
    STAGED_REFUSED("staged_refused_total", Kind.COUNTER, "Objects of other nodes refused by the limit max-staged."),
    REPAIRED("repaired_total", Kind.COUNTER, "Damaged objects replaced by another node's copy."),
    REPAIRS_FAILED("repairs_failed_total", Kind.COUNTER, "Attempts to replace a damaged object that came to nothing.");

    private final String metricName;
    private final Kind kind;
    private final String help;

    PeerMetric(String name, Kind kind, String help) {
        this.metricName = "forebay_peer_" + name;
        this.kind = kind;
        this.help = help;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
