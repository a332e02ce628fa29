package io.forebay.storage.peer;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.time.Recurring;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReceiveSession;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Bytes that other nodes have sent ahead, until they say what those belong to. Dropped when no word comes.
final class StagedBytes implements AutoCloseable {
    private static final int TOKEN_BYTES = 16;

    private final ObjectStore store;
    private final PeerConfig config;
    private final Ticker ticker;
    private final LongAdder refused;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final Recurring forgetting;

    StagedBytes(NodeId self, ObjectStore store, PeerConfig config, Ticker ticker, Timers timers, Metrics metrics) {
        this.store = store;
        this.config = config;
        this.ticker = ticker;
        String labels = "node=\"" + self + "\"";
        this.refused = metrics.counter(PeerMetric.STAGED_REFUSED, labels);
        metrics.gauge(PeerMetric.STAGED, labels, held::size);
        long patience = config.stagedPatience().toNanos();
        this.forgetting = new Recurring("dropping bytes that others sent ahead", timers, patience, () -> {
            dropForgotten();
            return held.isEmpty() ? Recurring.NEVER : patience;
        });
        forgetting.start();
    }

    /// Bytes for a key.
    private record Held(ObjectKey key, ReceiveSession session, long sinceNanos) {}

    /// Takes all bytes and returns the token that names them. Throws BUSY when too many wait already.
    String receive(Bucket bucket, ObjectKey key, ByteSource bytes) {
        dropForgotten();
        if (held.size() >= config.maxStaged()) {
            refused.increment();
            throw new StoreException(
                    ErrorCode.BUSY, "too many objects of other nodes wait to be committed (limit max-staged)");
        }
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        String text = HexFormat.of().formatHex(token);
        ReceiveSession session = store.holdings().receive(bucket, key, bytes.length());
        boolean complete = false;
        try {
            Intake.fill(session, bytes);
            boolean first = held.isEmpty();
            held.put(text, new Held(key, session, ticker.nanos()));
            complete = true;
            if (first) {
                forgetting.wake();
            }
            return text;
        } finally {
            if (!complete) {
                session.close();
            }
        }
    }

    /// Gives the bytes away; the receiver closes them. Throws NO_SUCH_OBJECT when there are none of that
    /// token, or they are another key's.
    ReceiveSession take(String token, ObjectKey key) {
        Held found = held.remove(token);
        if (found == null || !found.key().equals(key)) {
            throw new StoreException(ErrorCode.NO_SUCH_OBJECT, "no bytes of " + key + " wait under that token");
        }
        return found.session();
    }

    /// Drops bytes that are not wanted.
    void drop(String token) {
        Held found = held.remove(token);
        if (found != null) {
            found.session().close();
        }
    }

    /// Drops everything; nothing is committed any more.
    @Override
    public void close() {
        forgetting.close();
        held.keySet().forEach(this::drop);
    }

    private void dropForgotten() {
        long now = ticker.nanos();
        held.forEach((token, bytes) -> {
            if (now - bytes.sinceNanos() >= config.stagedPatience().toNanos()) {
                drop(token);
            }
        });
    }
}
