package io.forebay.storage.object;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Locks by key, of which there are fewer than keys: what holds one may hold up others that share it. Safe to
/// share between threads.
public final class StripedLock {
    private final Lock[] stripes;

    public StripedLock(int stripes) {
        this.stripes = Stream.generate(ReentrantLock::new).limit(stripes).toArray(Lock[]::new);
    }

    /// The lock of everything that is equal.
    public Lock of(Object key) {
        return stripes[Math.floorMod(key.hashCode(), stripes.length)];
    }
}
