package io.forebay.protocol.http.netty;

/// What a transport makes of a file that goes into a socket inside the kernel.
enum FileRegions {
    /// The kernel's own threads wait for the disk.
    OFFLOADED,
    /// The event loop waits for the disk: for files that are in memory only.
    BLOCKING,
    /// It cannot be done.
    NONE
}
