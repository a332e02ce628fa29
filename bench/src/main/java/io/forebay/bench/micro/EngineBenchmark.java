package io.forebay.bench.micro;

import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.netty.EventLoopConfig;
import io.forebay.protocol.http.netty.EventLoops;
import io.forebay.protocol.http.netty.NettyHttpServer;
import io.forebay.protocol.http.netty.WireConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/// One request through the wire engine over loopback: head parsed, handler called on the event loop, reply written.
/// The time is mostly the kernel's; the bytes are the engine's, of all its threads.
public class EngineBenchmark extends MicroBenchmark {
    private static final int PAYLOAD_BYTES = 1024;

    private final ByteBuffer plain = request("");
    private final ByteBuffer longHead = request("""
            User-Agent: Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1 os/linux md/arch#x86_64 lang/python#3.11 cfg/retry-mode#legacy\r
            Accept-Encoding: identity\r
            Connection: keep-alive\r
            X-Amz-Date: 20260101T000000Z\r
            X-Amz-Content-SHA256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\r
            Amz-Sdk-Invocation-Id: 8a0e2c8b-0d6f-4b1e-9a52-0b0c8f6f4f43\r
            Amz-Sdk-Request: attempt=1\r
            """);
    private final ByteBuffer in = ByteBuffer.allocateDirect(4096);
    private int replyBytes;
    private @Nullable EventLoops loops;
    private @Nullable NettyHttpServer server;
    private @Nullable SocketChannel client;

    @Setup
    public void start() throws IOException {
        ByteBuffer payload = ByteBuffer.allocateDirect(PAYLOAD_BYTES);
        EventLoops started = new EventLoops(EventLoopConfig.defaults());
        NettyHttpServer listening = new NettyHttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                exchange -> new Reply(
                        200,
                        new Headers(4)
                                .add("Content-Type", "application/octet-stream")
                                .add("Last-Modified", "Mon, 24 Nov 2025 14:00:00 GMT")
                                .add("ETag", "\"6924661c-2800\"")
                                .add("Accept-Ranges", "bytes"),
                        new Payload.Memory(payload.duplicate())),
                WireConfig.defaults(),
                started,
                new Metrics());
        listening.start();
        loops = started;
        server = listening;
        SocketChannel connected = SocketChannel.open(listening.address());
        client = connected;
        connected.write(plain.duplicate());
        in.clear();
        replyBytes = connected.read(in);
    }

    @TearDown
    public void stop() throws IOException {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
        if (loops != null) {
            loops.close();
        }
    }

    /// With a head like wrk's.
    @Benchmark
    @Allocates(atMost = 600)
    public int get() throws IOException {
        return exchange(plain);
    }

    /// With a head as long as an SDK's.
    @Benchmark
    @Allocates(atMost = 800)
    public int getWithLongHead() throws IOException {
        return exchange(longHead);
    }

    private int exchange(ByteBuffer request) throws IOException {
        SocketChannel channel = client;
        if (channel == null) {
            throw new IllegalStateException("not started");
        }
        request.rewind();
        channel.write(request);
        in.clear().limit(replyBytes);
        while (in.hasRemaining()) {
            if (channel.read(in) < 0) {
                throw new IllegalStateException("the server closed the connection");
            }
        }
        return in.get(0);
    }

    private static ByteBuffer request(String lines) {
        byte[] bytes = ("GET /bucket/object HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n" + lines + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
    }
}
