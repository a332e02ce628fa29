package io.forebay.cluster.peer;

/// Headers of calls at the control port, beside `NodeHeaders`.
public final class PeerHeaders {
    /// Request: the id of the calling gateway.
    public static final String MEMBER = "Forebay-Member";

    /// Request: where the calling gateway is reached now.
    public static final String CONTROL_URL = "Forebay-Control-Url";

    /// Request: `UUID NUMBER`, which names a command, so that it is applied once however often it is sent.
    public static final String COMMAND = "Forebay-Command";

    private PeerHeaders() {}
}
