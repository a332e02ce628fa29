package io.forebay.cluster.watch;

import io.forebay.cluster.state.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Where the gateways' control ports are: those of the newest cluster state, then those that this process
/// was started with, which may be all that it knows.
public final class KnownGateways implements Supplier<List<String>> {
    private final StateWatch watch;
    private final List<String> given;

    public KnownGateways(StateWatch watch, List<String> given) {
        this.watch = watch;
        this.given = List.copyOf(given);
    }

    @Override
    public List<String> get() {
        Set<String> urls = new LinkedHashSet<>();
        for (Node node : watch.current().nodes().values()) {
            if (node.role() == Node.Role.GATEWAY && !node.controlUrl().isEmpty()) {
                urls.add(node.controlUrl());
            }
        }
        urls.addAll(given);
        return new ArrayList<>(urls);
    }
}
