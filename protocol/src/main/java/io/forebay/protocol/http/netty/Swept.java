package io.forebay.protocol.http.netty;

/// A connection that its event loop looks at every quarter of a second: how deadlines cost requests nothing.
interface Swept {
    /// Acts on what is overdue. False once the connection is closed: it is not looked at again.
    boolean sweep(long nowNanos);
}
