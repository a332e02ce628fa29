package io.forebay.protocol.http.netty;

/// How bytes reach the kernel.
public enum Transport {
    /// io_uring where the kernel grants it, else epoll, else NIO.
    AUTO,
    IO_URING,
    EPOLL,
    NIO
}
