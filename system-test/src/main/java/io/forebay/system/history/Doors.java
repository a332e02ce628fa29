package io.forebay.system.history;

import java.net.URI;
import java.util.List;

/// Where clients reach the nodes of a cluster. Asked from many threads.
public interface Doors {
    /// The data ports of the gateways, whether they are up or not.
    List<URI> gateways();

    /// Where a node that tells its clients this address is reached by these.
    URI reach(URI advertised);
}
