package io.forebay.protocol.http.netty;

import static io.forebay.protocol.http.netty.NettyFixture.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.BufferCopy;
import io.forebay.common.io.FileSlice;
import io.forebay.common.io.FillingSource;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpServerContract;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Pieces;
import io.forebay.protocol.http.RawClient;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.TestSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the Netty server does beyond the contract of engines, on one transport.
abstract class NettyServerContract extends HttpServerContract {
    private final NettyFixture netty;

    NettyServerContract(Transport transport) {
        netty = new NettyFixture(transport);
    }

    @Override
    protected InetSocketAddress serve(Handler handler) {
        return serve(handler, Map.of());
    }

    private InetSocketAddress serve(Handler handler, Map<String, String> settings) {
        return netty.serve(handler, settings);
    }

    @Override
    protected void stop() {
        netty.close();
    }

    @Test
    void answersRequestsWithoutBodyOnTheEventLoopFirst() throws IOException {
        InetSocketAddress address = serve(exchange -> Reply.text(
                200, exchange.mayWait() + " " + Thread.currentThread().isVirtual()));
        try (RawClient client = new RawClient(address)) {
            assertThat(client.get("/").text()).isEqualTo("false false");
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(client.read().text()).isEqualTo("true true");
            assertThat(netty.sample("forebay_http_requests_total")).isEqualTo(2);
            assertThat(netty.sample("forebay_http_requests_handed_over_total")).isEqualTo(1);
            assertThat(netty.sample("forebay_http_received_bytes_total")).isEqualTo(2);
            netty.awaitSample("forebay_http_sent_bytes_total", 20);
        }
    }

    @Test
    void keepsTheConnectionAfterARefusedExpectation() throws IOException {
        InetSocketAddress address =
                serve(exchange -> Reply.text(403, "no " + exchange.request().target()));
        try (RawClient client = new RawClient(address)) {
            client.send("PUT /a HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("no /a");
            assertThat(client.get("/b").text()).isEqualTo("no /b");
            // This client does not wait: its body comes with the head and is read over.
            client.send("PUT /c HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(client.read().text()).isEqualTo("no /c");
            assertThat(client.get("/d").text()).isEqualTo("no /d");
        }
    }

    /// Botocore gives the next reply of a kept connection the status of the refusal.
    @Test
    void endsTheConnectionOfABotocoreThatWasRefused() throws IOException {
        InetSocketAddress address =
                serve(exchange -> Reply.text(404, "no " + exchange.request().target()));
        String put = "PUT /a HTTP/1.1\r\nHost: t\r\nUser-Agent: Boto3/1 md/Botocore#1\r\nContent-Length: 5\r\n";
        try (RawClient client = new RawClient(address)) {
            assertThat(client.send(put + "\r\nhello").read().headers()).doesNotContainKey("connection");
            assertThat(client.send(put + "Expect: 100-continue\r\n\r\n").read().header("connection"))
                    .isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void continuesAnEmptyBodyToo() throws IOException {
        InetSocketAddress address =
                serve(exchange -> Reply.text(200, exchange.request().target()));
        try (RawClient client = new RawClient(address)) {
            client.send("PUT /a HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.read(false).status()).isEqualTo(100);
            assertThat(client.read().text()).isEqualTo("/a");
            assertThat(client.get("/b").text()).isEqualTo("/b");
        }
    }

    @Test
    void keepsNoMoreOfAReplyThanASlowReaderTakes() throws IOException {
        long total = 1L << 30;
        AtomicLong pulled = new AtomicLong();
        AtomicBoolean closed = new AtomicBoolean();
        InetSocketAddress address =
                serve(exchange -> new Reply(200, new Headers(), new Payload.Stream(new Zeros(total, pulled, closed))));
        try (RawClient client = new RawClient(address, 1 << 16)) {
            client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
            client.readSome(new byte[100]);
            awaitThat("the writer stands still", () -> {
                long before = pulled.get();
                LockSupport.parkNanos(50_000_000);
                return before == pulled.get();
            });
            assertThat(pulled.get()).isLessThan(16L << 20);
        }
        awaitThat("the source is closed when the client left", closed::get);
    }

    @Test
    void takesNoMoreOfABodyThanItsHandlerTakes() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong taken = new AtomicLong();
        InetSocketAddress address = serve(exchange -> {
            ByteBuffer first = exchange.body().next();
            assertThat(first).isNotNull();
            await(go);
            for (ByteBuffer next = first; next != null; next = exchange.body().next()) {
                taken.addAndGet(next.remaining());
            }
            return Reply.text(200, "done");
        });
        int megabytes = 64;
        try (RawClient client = new RawClient(address)) {
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: " + ((long) megabytes << 20) + "\r\n\r\n");
            AtomicLong sent = new AtomicLong();
            Thread sender = Thread.ofPlatform().start(() -> {
                byte[] megabyte = new byte[1 << 20];
                try {
                    for (int index = 0; index < megabytes; index++) {
                        client.send(megabyte);
                        sent.incrementAndGet();
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            netty.awaitSample("forebay_http_buffered_bytes", 1);
            awaitThat("the sender stands still", () -> {
                long before = sent.get();
                LockSupport.parkNanos(50_000_000);
                return before == sent.get();
            });
            assertThat(sent.get()).isLessThan(megabytes / 2);
            assertThat(netty.sample("forebay_http_buffered_bytes")).isBetween(1L, 2L << 20);
            go.countDown();
            sender.join();
            assertThat(client.read().text()).isEqualTo("done");
            assertThat(taken.get()).isEqualTo((long) megabytes << 20);
        } finally {
            // A failed assertion must not leave the handler waiting: its buffers would fail every test after this one.
            go.countDown();
        }
    }

    @Test
    void receivesALargeBodyWithLittleHeap() throws IOException {
        InetSocketAddress address = serve(exchange -> {
            long taken = 0;
            for (ByteBuffer next = exchange.body().next();
                    next != null;
                    next = exchange.body().next()) {
                assertThat(next.isDirect()).isTrue();
                taken += next.remaining();
            }
            return Reply.text(200, Long.toString(taken));
        });
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int megabytes = 512;
        byte[] megabyte = new byte[1 << 20];
        try (RawClient client = new RawClient(address)) {
            long before = threads.getTotalThreadAllocatedBytes();
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: " + ((long) megabytes << 20) + "\r\n\r\n");
            for (int index = 0; index < megabytes; index++) {
                client.send(megabyte);
            }
            assertThat(client.read().text()).isEqualTo(Long.toString((long) megabytes << 20));
            // Most of it is what the leak detector notes about each buffer.
            assertThat(threads.getTotalThreadAllocatedBytes() - before).isLessThan(100L << 20);
        }
    }

    @Test
    void sendsLargeFilesFromDiskWhereTheyAreNotInMemory() throws IOException {
        Handler handler = exchange -> {
            List<FileSlice> slices =
                    new ArrayList<>(slices(true, 150_000, 0, 50_000).slices());
            String rest = exchange.request().rawQuery();
            slices.add(new TestSlice(file(), 200_000, 100_000, rest.equals("hot"), openSlices));
            Payload payload = new Payload.Slices(rest.equals("cold") ? slices.reversed() : slices);
            return new Reply(200, new Headers(), payload);
        };
        InetSocketAddress address = serve(handler, Map.of("buffers.gather", "10KiB"));
        byte[] turned = new byte[BYTES.length];
        System.arraycopy(BYTES, 200_000, turned, 0, 100_000);
        System.arraycopy(BYTES, 150_000, turned, 100_000, 50_000);
        System.arraycopy(BYTES, 0, turned, 150_000, 150_000);
        try (RawClient client = new RawClient(address)) {
            for (int round = 0; round < 3; round++) {
                assertThat(client.get("/?hot").body()).isEqualTo(BYTES);
                assertThat(client.get("/?cold-rest").body()).isEqualTo(BYTES);
                assertThat(client.get("/?cold").body()).isEqualTo(turned);
            }
            netty.awaitSample("forebay_http_sent_bytes_total", 9L * BYTES.length);
        }
    }

    @Test
    void closesTheSlicesOfAReplyThatTheClientLeft() throws IOException {
        InetSocketAddress address = serve(exchange -> {
            int[] lengths = new int[40];
            Arrays.fill(lengths, 0, lengths.length, 7_500);
            return new Reply(
                    200, new Headers(), slices(exchange.request().target().equals("/hot"), lengths));
        });
        for (int round = 0; round < 5; round++) {
            try (RawClient client = new RawClient(address, 1 << 12)) {
                client.send("GET " + (round % 2 == 0 ? "/hot" : "/cold") + " HTTP/1.1\r\nHost: t\r\n\r\n");
                client.readSome(new byte[1000]);
            }
        }
        awaitThat("slices closed", () -> openSlices.get() == 0);
    }

    @Test
    void answersAClientThatHasEndedItsSide() throws IOException {
        InetSocketAddress address = serve(exchange -> exchange.mayWait()
                ? Reply.of(200, "x/y", exchange.body().readAll(100_000))
                : exchange.request().target().equals("/wait") ? Reply.WOULD_WAIT : Reply.text(200, "at once"));
        try (RawClient client = new RawClient(address)) {
            client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n").shutdownOutput();
            assertThat(client.read().text()).isEqualTo("at once");
            assertThat(client.atEnd()).isTrue();
        }
        try (RawClient client = new RawClient(address)) {
            client.send("GET /wait HTTP/1.1\r\nHost: t\r\n\r\n").shutdownOutput();
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.atEnd()).isTrue();
        }
        try (RawClient client = new RawClient(address)) {
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nhello")
                    .shutdownOutput();
            assertThat(client.read().text()).startsWith("INCOMPLETE_BODY");
            assertThat(client.atEnd()).isTrue();
        }
    }

    /// The check that every buffer was given back is the fixture's.
    @Test
    void givesBackTheBytesOfABodyThatNobodyTook() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        InetSocketAddress address = serve(exchange -> {
            if (exchange.request().target().equals("/first")) {
                assertThat(exchange.body().next()).isNotNull();
            }
            await(go);
            throw new StoreException(ErrorCode.BUSY, "no");
        });
        for (String target : List.of("/first", "/none")) {
            try (RawClient client = new RawClient(address)) {
                client.send("PUT " + target + " HTTP/1.1\r\nHost: t\r\nContent-Length: 300001\r\n\r\n");
                client.send(BYTES);
                netty.awaitSample("forebay_http_buffered_bytes", 1);
            }
        }
        netty.awaitSample("forebay_http_requests_in_flight", 2);
        go.countDown();
    }

    @Test
    void failsTheBodyOfAClientThatLeft() throws Exception {
        BlockingQueue<ErrorCode> failures = new LinkedBlockingQueue<>();
        InetSocketAddress address = serve(exchange -> {
            try {
                exchange.body().readAll(100);
                return Reply.text(200, "whole");
            } catch (StoreException e) {
                failures.add(e.code());
                throw e;
            }
        });
        try (RawClient client = new RawClient(address)) {
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nhello");
            netty.awaitSample("forebay_http_received_bytes_total", 5);
        }
        assertThat(failures.poll(10, TimeUnit.SECONDS)).isEqualTo(ErrorCode.INCOMPLETE_BODY);
    }

    @Test
    void endsRequestsInFlightAfterTheGracePeriod() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Handler handler = exchange -> {
            if (!exchange.mayWait()) {
                return Reply.WOULD_WAIT;
            }
            started.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            return Reply.text(200, "too late");
        };
        InetSocketAddress address = serve(handler, Map.of("timeouts.grace", "100ms"));
        try (RawClient client = new RawClient(address)) {
            client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
            await(started);
            netty.closeServers();
            assertThat(interrupted).isTrue();
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void passesTheBodyOfARequestOnAsTheReply() throws IOException {
        InetSocketAddress address =
                serve(exchange -> new Reply(200, new Headers(), new Payload.Stream(exchange.body())));
        try (RawClient client = new RawClient(address)) {
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: " + BYTES.length + "\r\n\r\n");
            client.send(BYTES);
            assertThat(client.read().body()).isEqualTo(BYTES);
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            RawClient.Response echoed = client.read();
            assertThat(echoed.text()).isEqualTo("hello");
            assertThat(echoed.header("transfer-encoding")).isEqualTo("chunked");
        }
    }

    @Test
    void refusesAnAddressThatIsTaken() {
        InetSocketAddress taken = serve(exchange -> Reply.text(200, ""));
        NettyHttpServer second = new NettyHttpServer(
                taken, exchange -> Reply.text(200, ""), WireConfig.defaults(), netty.loops(), netty.metrics());
        assertThatThrownBy(second::start)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot listen on")
                .extracting(e -> ((StoreException) e).code())
                .isEqualTo(ErrorCode.IN_USE);
        second.close();
    }

    @Test
    void sourcesThatFillBuffersArriveWhole() throws IOException {
        byte[] large = new byte[700_001];
        new Random(3).nextBytes(large);
        InetSocketAddress address = serve(exchange -> {
            byte[] all = exchange.request().target().equals("/large") ? large : new byte[0];
            long length = exchange.request().target().equals("/small") ? 0 : -1;
            return new Reply(200, new Headers(), new Payload.Stream(new Filling(length, ByteBuffer.wrap(all))));
        });
        try (RawClient client = new RawClient(address)) {
            for (String target : List.of("/large", "/empty", "/small", "/large")) {
                client.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
                RawClient.Response response = client.read();
                assertThat(response.body()).isEqualTo(target.equals("/large") ? large : new byte[0]);
            }
        }
    }

    /// Bytes that are asked for by filling alone.
    private record Filling(long length, ByteBuffer bytes) implements FillingSource {
        @Override
        public boolean fill(ByteBuffer target) {
            return BufferCopy.fit(bytes, target) > 0;
        }

        @Override
        public @Nullable ByteBuffer next() {
            throw new IllegalStateException("a copy more than need be");
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    @Test
    void speaksHttp10() throws IOException {
        InetSocketAddress address =
                serve(exchange -> exchange.request().target().equals("/stream")
                        ? new Reply(200, new Headers(), new Payload.Stream(new Pieces(-1, BYTES)))
                        : Reply.text(200, "old"));
        try (RawClient client = new RawClient(address)) {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertThat(client.read().header("connection")).isEqualTo("keep-alive");
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.read().header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
        try (RawClient client = new RawClient(address)) {
            client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            RawClient.Response response = client.read();
            assertThat(response.headers()).doesNotContainKeys("transfer-encoding", "content-length");
            assertThat(response.body()).isEqualTo(BYTES);
        }
    }
}
