package io.forebay.cluster.raft;

import io.forebay.common.time.Ticker;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;

/// When each follower last recognised this node as its leader. Safe to share between threads.
///
/// A follower that acknowledges a message of a term had not voted in a later one when the message arrived. A
/// majority of such messages, all sent after some instant, therefore proves that nobody else led at that
/// instant. Ratis's own linearizable read is no proof: it asks nobody while its commit index is one that was
/// acknowledged before, however long ago that was.
final class LeaderAcks {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition noted = lock.newCondition();
    private final Map<String, Ack> newest = new HashMap<>();

    /// @param sentNanos when the acknowledged message was sent, by the monotonic clock
    private record Ack(long term, long sentNanos) {}

    /// A follower answered a message of that term that was sent then.
    void note(String follower, long term, long sentNanos, AppendEntriesReplyProto reply) {
        AppendResult result = reply.getResult();
        boolean recognised = result == AppendResult.SUCCESS || result == AppendResult.INCONSISTENCY;
        if (!recognised || reply.getTerm() != term) {
            return;
        }
        lock.lock();
        try {
            newest.merge(follower, new Ack(term, sentNanos), LeaderAcks::newer);
            noted.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static Ack newer(Ack before, Ack now) {
        boolean later = now.term > before.term || (now.term == before.term && now.sentNanos - before.sentNanos > 0);
        return later ? now : before;
    }

    /// Waits until a majority has acknowledged that term by messages sent since then. False when the deadline
    /// comes first.
    boolean awaitMajority(RaftConfiguration members, RaftPeerId self, long term, long since, long deadline)
            throws InterruptedException {
        lock.lock();
        try {
            while (!hasMajority(members, self, term, since)) {
                long left = deadline - Ticker.SYSTEM.nanos();
                if (left <= 0) {
                    return false;
                }
                noted.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasMajority(RaftConfiguration members, RaftPeerId self, long term, long since) {
        Collection<RaftPeer> previous = members.getPreviousPeers();
        return isMajority(members.getCurrentPeers(), self, term, since)
                && (previous.isEmpty() || isMajority(previous, self, term, since));
    }

    private boolean isMajority(Collection<RaftPeer> members, RaftPeerId self, long term, long since) {
        long acknowledged = members.stream()
                .filter(peer -> peer.getId().equals(self) || hasAcknowledged(peer, term, since))
                .count();
        return 2 * acknowledged > members.size();
    }

    private boolean hasAcknowledged(RaftPeer peer, long term, long since) {
        Ack ack = newest.get(peer.getId().toString());
        return ack != null && ack.term == term && ack.sentNanos - since >= 0;
    }
}
