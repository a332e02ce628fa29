package io.forebay.system.scenario;

/// Something that goes wrong with a cluster for a while.
interface Fault {
    /// In the order in which faults end that end together: a node that starts needs the others, and one that is
    /// down keeps the members from changing.
    enum Kind {
        NETWORK,
        PROCESS,
        MEMBERS
    }

    /// What it is, for people.
    String text();

    Kind kind();

    void begin();

    void end();
}
