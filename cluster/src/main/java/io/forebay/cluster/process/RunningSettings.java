package io.forebay.cluster.process;

import io.forebay.cluster.state.ClusterSettings;
import io.forebay.cluster.state.ClusterState;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The settings of a process, some of which count at once when they are changed while it runs.
///
/// Of these what was set for as long as the process runs goes before what the cluster state has for the
/// process's own node, this before what it has for all nodes, and this before what the process was started
/// with.
public final class RunningSettings {
    private static final Logger LOG = Logger.getLogger(RunningSettings.class.getName());

    private final Map<String, String> started;
    private final Set<String> changeable;
    private final Target target;
    private Map<String, String> ofState = Map.of();
    private Map<String, String> passing = Map.of();
    private long version;

    /// What the changeable settings govern.
    @FunctionalInterface
    public interface Target {
        /// Reads values of all of them. Throws INVALID_ARGUMENT for one that breaks its rule. What is
        /// returned makes them count.
        Runnable prepare(Map<String, String> values);
    }

    /// @param started every setting that the process was started with, by key
    /// @param changeable the keys of those that may be changed
    public RunningSettings(Map<String, String> started, Set<String> changeable, Target target) {
        this.started = Map.copyOf(started);
        this.changeable = Set.copyOf(changeable);
        this.target = target;
    }

    /// Of a node that has none, as in tests.
    public static RunningSettings none() {
        return new RunningSettings(Map.of(), Set.of(), values -> () -> {});
    }

    /// The value in force; empty for a key that there is not.
    public synchronized String value(String key) {
        String started = this.started.getOrDefault(key, "");
        return passing.getOrDefault(key, ofState.getOrDefault(key, started));
    }

    /// The value that the process was started with; empty for a key that there is not.
    public String startedValue(String key) {
        return started.getOrDefault(key, "");
    }

    /// The value in force at a node of this process under that state, of settings of the whole cluster too;
    /// empty for a key that there is not.
    public String value(String key, ClusterState state) {
        return changeable.contains(key)
                ? value(key)
                : ClusterSettings.all(state).getOrDefault(key, startedValue(key));
    }

    /// Throws INVALID_ARGUMENT when these values break a rule.
    public synchronized void check(Map<String, String> changes) {
        Runnable _ = target.prepare(inForce(ofState, merged(passing, changes)));
    }

    /// Changes settings for as long as the process runs; an empty value takes such a change back. Throws
    /// INVALID_ARGUMENT with nothing changed.
    public synchronized void changeForNow(Map<String, String> changes) {
        Map<String, String> next = merged(passing, changes);
        target.prepare(inForce(ofState, next)).run();
        LOG.log(Level.INFO, "settings until this process ends: {0}", next);
        passing = next;
    }

    /// Forgets what was set for as long as the process runs.
    public synchronized void forget() {
        passing = Map.of();
        target.prepare(inForce(ofState, passing)).run();
    }

    /// Follows what a cluster state says of all nodes and of this one; an older state than before changes
    /// nothing.
    public synchronized void follow(ClusterState state, NodeId self) {
        if (state.version() < version) {
            return;
        }
        version = state.version();
        Map<String, String> next = new TreeMap<>(ClusterSettings.all(state));
        next.putAll(ClusterSettings.node(state, self));
        next.keySet().retainAll(changeable);
        if (next.equals(ofState)) {
            return;
        }
        try {
            target.prepare(inForce(next, passing)).run();
            LOG.log(Level.INFO, "settings of the cluster that count here: {0}", next);
            ofState = next;
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "settings of the cluster are not followed: {0}", e.text());
        }
    }

    private Map<String, String> inForce(Map<String, String> state, Map<String, String> now) {
        Map<String, String> values = new TreeMap<>(started);
        values.keySet().retainAll(changeable);
        values.putAll(state);
        values.putAll(now);
        return values;
    }

    private static Map<String, String> merged(Map<String, String> before, Map<String, String> changes) {
        Map<String, String> merged = new TreeMap<>(before);
        merged.putAll(changes);
        merged.values().removeIf(String::isEmpty);
        return merged;
    }
}
