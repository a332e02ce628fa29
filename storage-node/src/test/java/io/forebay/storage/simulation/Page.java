package io.forebay.storage.simulation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Up to 4 KiB of a simulated file; never changed, so that images of a disk share it.
final class Page {
    static final int BYTES = 4096;
    static final Page ZEROS = new Page(new byte[BYTES]);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private long hash;

    private Page(byte[] bytes) {
        this.bytes = bytes;
    }

    /// This page with some bytes replaced.
    Page with(int at, byte[] source, int from, int count) {
        byte[] changed = bytes.clone();
        System.arraycopy(source, from, changed, at, count);
        return new Page(changed);
    }

    byte[] bytes() {
        return bytes;
    }

    long hash() {
        if (hash == 0) {
            long sum = 1;
            for (int at = 0; at < BYTES; at += Long.BYTES) {
                sum = mix(sum ^ (long) LONGS.get(bytes, at));
            }
            hash = sum;
        }
        return hash;
    }

    static long mix(long value) {
        long mixed = value * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 29;
    }
}
