package io.forebay.cluster.raft;

import io.forebay.common.error.StoreException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// While this node leads, writes into the configuration where members are reached now, after they came back
/// under other addresses.
final class AddressKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AddressKeeper.class.getName());
    private static final long RETRY_MILLIS = 1000;

    private final RaftMember member;
    private final Members members;
    private final Semaphore woken = new Semaphore(0);
    private final Thread thread = Thread.ofVirtual().name("raft-addresses").unstarted(this::run);

    AddressKeeper(RaftMember member, Members members) {
        this.member = member;
        this.members = members;
        thread.start();
    }

    /// There may be something to write.
    void wake() {
        woken.release();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                woken.acquire();
                woken.drainPermits();
                while (!isDone()) {
                    woken.tryAcquire(RETRY_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether there is nothing to do here until something changes.
    private boolean isDone() throws InterruptedException {
        try {
            if (!member.isReadyLeader() || !members.hasMoved()) {
                return true;
            }
            members.keepAddresses();
            return true;
        } catch (StoreException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("closed while addresses were written");
            }
            LOG.log(System.Logger.Level.INFO, "addresses of gateways are not yet agreed: " + e.text());
            return false;
        }
    }
}
