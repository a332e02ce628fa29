package io.forebay.system.scenario;

/// Something that goes wrong with a cluster for a while.
interface Fault {
    /// When faults end together, those of the network come first: a node that starts needs the others.
    enum Kind {
        NETWORK,
        PROCESS
    }

    /// What it is, for people.
    String text();

    Kind kind();

    void begin();

    void end();
}
