package io.forebay.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every engine does with the exchanges of a handler.
public abstract class HttpServerContract {
    protected static final byte[] BYTES = bytes(300_000);

    @TempDir
    protected Path folder;

    protected final AtomicInteger openSlices = new AtomicInteger();
    private @Nullable FileChannel file;

    /// Starts a server with that handler.
    protected abstract InetSocketAddress serve(Handler handler) throws IOException;

    /// Stops what `serve` started.
    protected abstract void stop();

    @AfterEach
    void stopServer() throws IOException {
        stop();
        if (file != null) {
            file.close();
        }
        assertThat(openSlices).as("slices left open").hasValue(0);
    }

    @Test
    void answersSmallReplies() throws IOException {
        InetSocketAddress address = serve(exchange -> Reply.text(200, "hello").with("X-Name", "välue"));
        try (RawClient client = new RawClient(address)) {
            for (int round = 0; round < 3; round++) {
                RawClient.Response response = client.get("/");
                assertThat(response.statusLine()).isEqualTo("HTTP/1.1 200 OK");
                assertThat(response.text()).isEqualTo("hello");
                assertThat(response.header("content-length")).isEqualTo("5");
                assertThat(response.header("x-name")).isEqualTo("välue");
                assertThat(response.header("server")).isEqualTo("Forebay");
                assertThat(response.header("date")).endsWith(" GMT");
            }
        }
    }

    @Test
    void passesRequestsAsReceived() throws IOException {
        InetSocketAddress address = serve(exchange -> {
            Request request = exchange.request();
            assertThat(exchange.remote().getAddress().isLoopbackAddress()).isTrue();
            assertThat(exchange.secure()).isFalse();
            assertThat(exchange.id()).isNotEmpty().isEqualTo(exchange.id());
            return Reply.text(
                    200,
                    request.method() + " " + request.target() + " "
                            + request.headers().all("x-a"));
        });
        try (RawClient client = new RawClient(address)) {
            String target = "/a//b/../%2F%2f+~?x=%20&y";
            client.send("DELETE " + target + " HTTP/1.1\r\nHost: t\r\nX-A: 1\r\nx-a:  2 \r\n\r\n");
            assertThat(client.read().text()).isEqualTo("DELETE " + target + " [1, 2]");
        }
    }

    @Test
    void sendsRequestsThatWouldWaitToAThreadThatMay() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        InetSocketAddress address = serve(exchange -> {
            calls.incrementAndGet();
            if (!exchange.mayWait()) {
                return Reply.WOULD_WAIT;
            }
            return Reply.text(200, Boolean.toString(Thread.currentThread().isVirtual()));
        });
        try (RawClient client = new RawClient(address)) {
            assertThat(client.get("/").text()).isEqualTo("true");
            assertThat(client.get("/").text()).isEqualTo("true");
            assertThat(calls.get()).isBetween(2, 4);
        }
    }

    @Test
    void answersWhatAHandlerHasAskedOfAnotherServer() throws IOException {
        InMemoryHttp others = new InMemoryHttp();
        others.open(
                "http://other:1",
                exchange -> Reply.text(200, "other " + exchange.request().target()));
        InetSocketAddress address = serve(exchange -> exchange.mayWait()
                ? others.send("http://other:1", exchange.request(), exchange.body())
                : exchange.ask(others, "http://other:1", exchange.request()));
        try (RawClient client = new RawClient(address)) {
            assertThat(client.get("/a").text()).isEqualTo("other /a");
            assertThat(client.get("/b").text()).isEqualTo("other /b");
        }
    }

    @Test
    void answersHeadWithoutBody() throws IOException {
        InetSocketAddress address = serve(exchange -> switch (exchange.request().target()) {
            case "/described" -> new Reply(200, new Headers(), new Payload.Described(1L << 40));
            case "/slices" -> new Reply(200, new Headers(), slices(true, 70_000, 30_000));
            case "/stream" -> new Reply(200, new Headers(), new Payload.Stream(new Pieces(-1, BYTES)));
            default -> Reply.text(404, "absent");
        });
        try (RawClient client = new RawClient(address)) {
            assertThat(head(client, "/described").header("content-length")).isEqualTo("1099511627776");
            assertThat(head(client, "/slices").header("content-length")).isEqualTo("100000");
            assertThat(head(client, "/stream").status()).isEqualTo(200);
            assertThat(head(client, "/absent").header("content-length")).isEqualTo("6");
        }
    }

    @Test
    void sendsNoBodyWhereTheStatusHasNone() throws IOException {
        InetSocketAddress address = serve(exchange ->
                Reply.of(Integer.parseInt(exchange.request().rawQuery()), "text/plain", new byte[] {1, 2, 3}));
        try (RawClient client = new RawClient(address)) {
            assertThat(client.get("/?204").headers()).doesNotContainKey("transfer-encoding");
            assertThat(client.get("/?304").body()).isEmpty();
            assertThat(client.get("/?200").body()).hasSize(3);
        }
    }

    @Test
    void sendsEveryPayload() throws IOException {
        InetSocketAddress address = serve(exchange -> new Reply(
                200,
                new Headers(),
                switch (exchange.request().target()) {
                    case "/none" -> Payload.none();
                    case "/memory" -> new Payload.Memory(ByteBuffer.wrap(BYTES).slice(0, 5000));
                    case "/large-memory" -> new Payload.Memory(ByteBuffer.wrap(BYTES));
                    case "/slices" -> slices(true, 100, 0, 5000);
                    case "/cold-slices" -> slices(false, 100, 0, 5000);
                    case "/no-slices" -> slices(true);
                    case "/large-slices" -> slices(true, 200_000, 0, 100_000);
                    case "/large-cold-slices" -> slices(false, 200_000, 0, 100_000);
                    case "/stream" -> new Payload.Stream(new Pieces(BYTES.length, BYTES));
                    case "/endless-stream" -> new Payload.Stream(new Pieces(-1, BYTES));
                    case "/empty-stream" -> new Payload.Stream(new Pieces(-1, new byte[0]));
                    default ->
                        throw new IllegalStateException(exchange.request().target());
                }));
        try (RawClient client = new RawClient(address)) {
            assertThat(client.get("/none").header("content-length")).isEqualTo("0");
            assertThat(client.get("/memory").body()).isEqualTo(Arrays.copyOf(BYTES, 5000));
            assertThat(client.get("/large-memory").body()).isEqualTo(BYTES);
            assertThat(client.get("/slices").body()).isEqualTo(Arrays.copyOf(BYTES, 5100));
            assertThat(client.get("/cold-slices").body()).isEqualTo(Arrays.copyOf(BYTES, 5100));
            assertThat(client.get("/no-slices").body()).isEmpty();
            assertThat(client.get("/large-slices").body()).isEqualTo(BYTES);
            assertThat(client.get("/large-cold-slices").body()).isEqualTo(BYTES);
            assertThat(client.get("/stream").body()).isEqualTo(BYTES);
            assertThat(client.get("/endless-stream").body()).isEqualTo(BYTES);
            assertThat(client.get("/endless-stream").header("transfer-encoding"))
                    .isEqualTo("chunked");
            assertThat(client.get("/empty-stream").body()).isEmpty();
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        InetSocketAddress address = serve(exchange -> {
            String target = exchange.request().target();
            if (target.endsWith("0") && !exchange.mayWait()) {
                return Reply.WOULD_WAIT;
            }
            byte[] body = exchange.body().readAll(100);
            return Reply.text(200, target + new String(body, StandardCharsets.US_ASCII));
        });
        StringBuilder requests = new StringBuilder();
        for (int index = 0; index < 50; index++) {
            requests.append(
                    index % 7 == 3
                            ? "PUT /" + index + " HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nbody"
                            : "GET /" + index + " HTTP/1.1\r\nHost: t\r\n\r\n");
        }
        try (RawClient client = new RawClient(address)) {
            client.send(requests.toString());
            for (int index = 0; index < 50; index++) {
                assertThat(client.read().text()).isEqualTo("/" + index + (index % 7 == 3 ? "body" : ""));
            }
        }
    }

    @Test
    void readsBodiesByLengthAndByChunks() throws IOException {
        InetSocketAddress address = serve(exchange -> {
            assertThat(exchange.mayWait()).isTrue();
            return Reply.of(
                    200, "x/" + exchange.body().length(), exchange.body().readAll(1 << 20));
        });
        try (RawClient client = new RawClient(address)) {
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: " + BYTES.length + "\r\n\r\n");
            client.send(BYTES);
            RawClient.Response echoed = client.read();
            assertThat(echoed.body()).isEqualTo(BYTES);
            assertThat(echoed.header("content-type")).isEqualTo("x/" + BYTES.length);

            client.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("3\r\nabc\r\n1;ext=\"v\"\r\nd\r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n");
            echoed = client.read();
            assertThat(echoed.text()).isEqualTo("abcd0123456789");
            assertThat(echoed.header("content-type"))
                    .as("unknown, unless received whole")
                    .isIn("x/-1", "x/14");

            client.send("GET / HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(client.read().text()).isEqualTo("{}");
        }
    }

    @Test
    void readsABodyByteByByte() throws IOException {
        InetSocketAddress address =
                serve(exchange -> Reply.of(200, "x/y", exchange.body().readAll(1 << 20)));
        String head = "PUT / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
        String request = head + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
        try (RawClient client = new RawClient(address)) {
            for (int index = 0; index < request.length(); index++) {
                client.send(request.substring(index, index + 1));
            }
            assertThat(client.read().text()).isEqualTo("hello world");
        }
    }

    @Test
    void sendsContinueWhenTheBodyIsAskedFor() throws IOException {
        InetSocketAddress address =
                serve(exchange -> Reply.of(200, "x/y", exchange.body().readAll(1 << 20)));
        try (RawClient client = new RawClient(address)) {
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(100);
            assertThat(client.send("hello").read().text()).isEqualTo("hello");
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void keepsTheConnectionAfterABodyThatNobodyRead() throws IOException {
        InetSocketAddress address =
                serve(exchange -> Reply.text(307, "elsewhere").with("Location", "/there"));
        try (RawClient client = new RawClient(address)) {
            for (int round = 0; round < 3; round++) {
                client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: " + BYTES.length + "\r\n\r\n");
                client.send(BYTES);
                assertThat(client.read().header("location")).isEqualTo("/there");
                client.send("PUT / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(307);
            }
        }
    }

    @Test
    void answersFailuresOfTheHandler() throws IOException {
        InetSocketAddress address = serve(exchange -> switch (exchange.request().target()) {
            case "/absent" -> throw new StoreException(ErrorCode.NO_SUCH_OBJECT, "no object o");
            case "/busy" -> throw new StoreException(ErrorCode.BUSY, "later");
            case "/bug" -> throw new UnsupportedOperationException("a secret of the inside");
            case "/value" -> Reply.text(200, "ok").with("X-A", "a\r\nX-B: b");
            case "/name" -> Reply.text(200, "ok").with("X A", "a");
            case "/wide" -> Reply.text(200, "ok").with("X-A", "\u010d\u010a");
            case "/status" -> Reply.text(42, "ok");
            case "/stream-value" ->
                new Reply(200, new Headers().add("X-A", "a\nb"), new Payload.Stream(new Pieces(-1, BYTES)));
            default -> Reply.text(200, "fine");
        });
        try (RawClient client = new RawClient(address)) {
            RawClient.Response absent = client.get("/absent");
            assertThat(absent.status()).isEqualTo(404);
            assertThat(absent.text()).isEqualTo("NO_SUCH_OBJECT: no object o\n");
            assertThat(client.get("/busy").header("retry-after")).isEqualTo("1");
            for (String target : List.of("/bug", "/value", "/name", "/wide", "/status", "/stream-value")) {
                RawClient.Response response = client.get(target);
                assertThat(response.status()).as(target).isEqualTo(500);
                assertThat(response.text()).as(target).startsWith("INTERNAL").doesNotContain("secret");
                assertThat(response.headers()).as(target).doesNotContainKeys("x-b", "x-a");
            }
            assertThat(client.get("/").text()).isEqualTo("fine");
        }
    }

    @Test
    void cutsTheConnectionWhenAStreamFailsInTheMiddle() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        InetSocketAddress address = serve(exchange -> {
            long length = exchange.request().target().equals("/chunked") ? -1 : BYTES.length;
            int good = exchange.request().target().equals("/first") ? 0 : 100_000;
            return new Reply(200, new Headers(), new Payload.Stream(new Pieces(length, BYTES, good, closed)));
        });
        for (String target : List.of("/length", "/chunked")) {
            closed.set(false);
            try (RawClient client = new RawClient(address)) {
                assertThatThrownBy(() -> client.get(target)).as(target).isInstanceOf(IOException.class);
                awaitTrue(closed);
            }
        }
        try (RawClient client = new RawClient(address)) {
            assertThat(client.get("/first").status()).as("nothing was sent yet").isEqualTo(502);
            assertThat(client.get("/first").status()).isEqualTo(502);
        }
    }

    @Test
    void cutsTheConnectionWhenAStreamHasAnotherLengthThanItSaid() throws IOException {
        InetSocketAddress address = serve(exchange -> new Reply(
                200,
                new Headers(),
                new Payload.Stream(new Pieces(Long.parseLong(exchange.request().rawQuery()), BYTES))));
        for (int difference : new int[] {-1, 1}) {
            try (RawClient client = new RawClient(address)) {
                client.send("GET /?" + (BYTES.length + difference) + " HTTP/1.1\r\nHost: t\r\n\r\n");
                assertThatThrownBy(client::read).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void finishesRequestsInFlightWhenItCloses() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        InetSocketAddress address = serve(exchange -> {
            if (exchange.request().target().equals("/quick")) {
                return Reply.text(200, "quick");
            }
            if (!exchange.mayWait()) {
                return Reply.WOULD_WAIT;
            }
            started.countDown();
            await(go);
            return Reply.text(200, "finished");
        });
        try (RawClient idle = new RawClient(address);
                RawClient busy = new RawClient(address)) {
            assertThat(idle.get("/quick").status()).isEqualTo(200);
            busy.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
            await(started);
            Thread closing = Thread.ofPlatform().start(this::stop);
            assertThat(idle.atEnd()).isTrue();
            go.countDown();
            RawClient.Response response = busy.read();
            assertThat(response.text()).isEqualTo("finished");
            assertThat(response.header("connection")).isEqualTo("close");
            closing.join();
            assertThatThrownBy(() -> new RawClient(address).close()).isInstanceOf(IOException.class);
        }
    }

    /// Slices over the file that holds `BYTES`, one after the other.
    protected Payload.Slices slices(boolean cached, int... lengths) {
        FileChannel channel = file();
        List<FileSlice> list = new ArrayList<>();
        long offset = 0;
        for (int length : lengths) {
            list.add(new TestSlice(channel, offset, length, cached, openSlices));
            offset += length;
        }
        return new Payload.Slices(list);
    }

    protected synchronized FileChannel file() {
        FileChannel channel = file;
        if (channel == null) {
            try {
                Path path = Files.write(folder.resolve("bytes"), BYTES);
                channel = FileChannel.open(path, StandardOpenOption.READ);
                file = channel;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return channel;
    }

    private static RawClient.Response head(RawClient client, String target) throws IOException {
        return client.send("HEAD " + target + " HTTP/1.1\r\nHost: t\r\n\r\n").read(false);
    }

    /// A client may see the connection end a moment before the server has let go of what it was sending.
    private static void awaitTrue(AtomicBoolean flag) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!flag.get()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    protected static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
