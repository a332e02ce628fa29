package io.forebay.protocol.http.netty;

import io.forebay.common.time.Ticker;
import io.forebay.protocol.http.netty.codec.DateLine;
import io.forebay.protocol.http.netty.codec.FieldReader;
import io.forebay.protocol.http.netty.codec.HeadWriter;
import io.forebay.protocol.http.netty.codec.RequestParser;
import io.forebay.protocol.http.netty.codec.ResponseParser;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// What the connections of one event loop share: parsers, caches, the date, coarse time. Touched on that loop
/// only.
final class LoopState {
    static final long SWEEP_MILLIS = 250;

    private final EventLoop loop;
    private final Ticker ticker;
    private final FieldReader fields = new FieldReader();
    private final RequestParser requests = new RequestParser(fields);
    private final ResponseParser responses = new ResponseParser(fields);
    private final HeadWriter heads = new HeadWriter();
    private final ByteBuffer probe = ByteBuffer.allocateDirect(1);
    private final DateLine date = new DateLine();
    private final List<Swept> swept = new ArrayList<>();
    private long now;
    private long nextId = ThreadLocalRandom.current().nextLong();

    LoopState(EventLoop loop, Ticker ticker) {
        this.loop = loop;
        this.ticker = ticker;
    }

    EventLoop loop() {
        return loop;
    }

    RequestParser requests() {
        return requests;
    }

    ResponseParser responses() {
        return responses;
    }

    HeadWriter heads() {
        return heads;
    }

    /// Room for one byte, to ask whether it can be had without waiting.
    ByteBuffer probe() {
        return probe.clear();
    }

    byte[] dateLine() {
        return date.bytes();
    }

    /// Nanoseconds at the last sweep.
    long now() {
        return now;
    }

    long nextId() {
        return nextId++;
    }

    /// Looks after a connection until it is closed.
    void add(Swept connection) {
        if (swept.isEmpty()) {
            refresh();
            schedule();
        }
        swept.add(connection);
    }

    private void refresh() {
        now = ticker.nanos();
        date.refresh(System.currentTimeMillis());
    }

    private void sweep() {
        refresh();
        int kept = 0;
        for (int index = 0; index < swept.size(); index++) {
            Swept connection = swept.get(index);
            if (connection.sweep(now)) {
                swept.set(kept++, connection);
            }
        }
        swept.subList(kept, swept.size()).clear();
        if (!swept.isEmpty()) {
            schedule();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nothing waits for a sweep; it ends with its loop.
    private void schedule() {
        loop.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }
}
