package io.forebay.protocol.http.netty;

/// How bytes reach the kernel.
public enum Transport {
    /// epoll on Linux, NIO elsewhere.
    AUTO,
    IO_URING,
    EPOLL,
    NIO
}
