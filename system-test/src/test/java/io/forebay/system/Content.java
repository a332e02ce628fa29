package io.forebay.system;

import java.util.Random;

/// Bytes that differ by seed and position.
final class Content {
    private Content() {}

    static byte[] of(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed * 31 + size).nextBytes(bytes);
        return bytes;
    }
}
