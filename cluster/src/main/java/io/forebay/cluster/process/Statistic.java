package io.forebay.cluster.process;

import io.forebay.common.metrics.Metric;
import java.util.Arrays;

/// What a node counts, by the names that AIStore has for it: in its answers (`get.n`), and in Prometheus's
/// form (`ais_target_get_count`).
public enum Statistic {
    GET_COUNT("get.n", "Objects read."),
    PUT_COUNT("put.n", "Objects written."),
    HEAD_COUNT("head.n", "Objects looked up."),
    APPEND_COUNT("append.n", "Pieces appended to objects."),
    DELETE_COUNT("del.n", "Objects removed."),
    RENAME_COUNT("ren.n", "Objects renamed."),
    LIST_COUNT("lst.n", "Pages of bucket listings."),
    BATCH_COUNT("getbatch.n", "Batches that were begun."),
    BATCH_OBJECTS("getbatch.obj.n", "Objects in batches."),
    BATCH_MEMBERS("getbatch.file.n", "Members of archives in batches."),
    BATCH_OBJECT_SIZE("getbatch.obj.size", "Bytes of objects in batches."),
    BATCH_MEMBER_SIZE("getbatch.file.size", "Bytes of members of archives in batches."),
    GET_SIZE("get.size", "Object bytes read."),
    PUT_SIZE("put.size", "Object bytes written."),
    GET_NANOS("get.ns.total", "Nanoseconds that reads took together, up to their reply's head."),
    PUT_NANOS("put.ns.total", "Nanoseconds that writes took together."),
    HEAD_NANOS("head.ns.total", "Nanoseconds that lookups took together."),
    GET_ERRORS("err.get.n", "Reads that failed."),
    PUT_ERRORS("err.put.n", "Writes that failed."),
    HEAD_ERRORS("err.head.n", "Lookups that failed."),
    APPEND_ERRORS("err.append.n", "Appending that failed."),
    DELETE_ERRORS("err.del.n", "Removals that failed."),
    RENAME_ERRORS("err.ren.n", "Renaming that failed."),
    LIST_ERRORS("err.lst.n", "Pages of bucket listings that failed."),
    BATCH_ERRORS("err.getbatch.n", "Batches that ended before their last entry."),
    BATCH_MISSING("err.soft.getbatch.n", "Entries that batches went on without."),
    UPTIME("up.ns.time", "Seconds since the node started."),
    STATE_FLAGS("state.flags", "State of the node, as AIStore's flags.");

    private static final String ERRORS = "err.";

    private final String aisName;
    private final String help;

    Statistic(String aisName, String help) {
        this.aisName = aisName;
        this.help = help;
    }

    String aisName() {
        return aisName;
    }

    /// The failures of what this counts. Throws IllegalStateException where they are not counted.
    public Statistic errors() {
        return Arrays.stream(values())
                .filter(other -> other.aisName.equals(ERRORS + aisName))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing counts the failures of " + this));
    }

    boolean isOfErrors() {
        return aisName.startsWith(ERRORS);
    }

    /// AIStore's word for the kind of it.
    String kind() {
        return switch (this) {
            case UPTIME -> "special";
            case STATE_FLAGS -> "gauge";
            default -> aisName.endsWith(".n") ? "counter" : aisName.endsWith(".size") ? "size" : "total";
        };
    }

    /// As a metric of a node of that type, `target` or `proxy`.
    Metric metric(String type) {
        return new OfType("ais_" + type + "_" + suffix(), help, isState() ? Metric.Kind.GAUGE : Metric.Kind.COUNTER);
    }

    /// Whether it is how the node is now, and nothing that is counted.
    boolean isState() {
        return this == UPTIME || this == STATE_FLAGS;
    }

    private String suffix() {
        String text = switch (kind()) {
            case "counter" -> aisName.substring(0, aisName.length() - 2) + "_count";
            case "size" -> aisName.substring(0, aisName.length() - 5) + "_bytes";
            case "special" -> "uptime";
            default -> aisName;
        };
        return text.replace('.', '_');
    }

    private record OfType(String metricName, String help, Metric.Kind kind) implements Metric {}
}
