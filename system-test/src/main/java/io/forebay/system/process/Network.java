package io.forebay.system.process;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/// What connects the nodes of a cluster under test, and its clients with them. Every node is known by its
/// name, which its own processes and the others resolve by a hosts file. Safe to share between threads.
public interface Network extends AutoCloseable {
    /// The clients' end.
    String CLIENT = "client";

    /// Where a node runs and listens, the same for its whole life.
    ///
    /// @param listen of the data port, `NAME:PORT`
    /// @param control likewise
    /// @param hosts the file by which its process resolves names
    /// @param prefix words before its command
    /// @param settings that its process needs in this network
    record Place(String listen, String control, Path hosts, List<String> prefix, List<String> settings) {}

    Place place(String node);

    /// The node's ports are to be reached from now on, or no more: its process is about to start, or has ended.
    void open(String node);

    void shut(String node);

    void set(String from, String to, Quality quality);

    /// Makes all links whole.
    void heal();

    /// Whether it can delay what passes, or only cut.
    boolean canDelay();

    /// Where clients reach an address that a node tells of itself, over the network as it is.
    URI reach(URI advertised);

    /// The same, past all that is wrong with the network.
    URI bypass(URI advertised);

    @Override
    void close();
}
