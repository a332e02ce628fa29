package io.forebay.protocol.http.vertx;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.Answering;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.ProtocolMetric;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.tls.Credentials;
import io.forebay.protocol.tls.NodeTls;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 server for the control port: requests are received whole, then answered on a virtual thread each.
///
/// With TLS for nodes every connection is TLS, in which the caller has to show a certificate.
public final class VertxHttpServer implements Service {
    private static final long ABORT_SECONDS = 5;
    private static final Map<String, Method> METHODS =
            Arrays.stream(Method.values()).collect(Collectors.toUnmodifiableMap(Method::name, method -> method));

    private final InetSocketAddress address;
    private final VertxServerConfig config;
    private final Answering answering;
    private final VertxReplies replies;
    private final LongAdder requests;
    private final Semaphore inFlight;
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong nextId = new AtomicLong(ThreadLocalRandom.current().nextLong());
    private final @Nullable NodeTls tls;
    private @Nullable Vertx vertx;
    private @Nullable HttpServer server;

    public VertxHttpServer(InetSocketAddress address, Handler handler, VertxServerConfig config, Metrics metrics) {
        this(address, handler, config, metrics, null);
    }

    /// @param tls of every connection, or null for plain HTTP
    public VertxHttpServer(
            InetSocketAddress address,
            Handler handler,
            VertxServerConfig config,
            Metrics metrics,
            @Nullable NodeTls tls) {
        this.tls = tls;
        this.address = address;
        this.config = config;
        this.answering = new Answering(handler, metrics.counter(ProtocolMetric.HANDLER_FAILURES, ""));
        this.replies = new VertxReplies(answering);
        this.requests = metrics.counter(ProtocolMetric.REQUESTS, "");
        this.inFlight = new Semaphore(config.requestsInFlight());
    }

    /// Binds the address. Throws IN_USE when it is taken and INVALID_ARGUMENT when it is not this machine's.
    @Override
    public void start() {
        Vertx started = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        vertx = started;
        try {
            server = started.createHttpServer(options())
                    .connectionHandler(this::admit)
                    .exceptionHandler(this::refused)
                    .requestHandler(this::receive)
                    .listen(address.getPort(), address.getAddress().getHostAddress())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            if (tls != null) {
                tls.whenChanged(this::use);
            }
        } catch (CompletionException e) {
            close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            boolean taken = String.valueOf(cause.getMessage()).contains("in use");
            throw new StoreException(
                    taken ? ErrorCode.IN_USE : ErrorCode.INVALID_ARGUMENT,
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": "
                            + (taken ? "the port is in use" : cause.getMessage()),
                    cause);
        }
    }

    /// Where the server listens, with the port that it was given when it asked for any.
    public InetSocketAddress address() {
        HttpServer bound = server;
        return bound == null ? address : new InetSocketAddress(address.getAddress(), bound.actualPort());
    }

    @Override
    public void close() {
        HttpServer bound = server;
        if (bound != null) {
            replies.endConnections();
            bound.shutdown(config.grace().toMillis(), TimeUnit.MILLISECONDS)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            server = null;
        }
        workers.forEach(Thread::interrupt);
        awaitWorkers();
        Vertx started = vertx;
        if (started != null) {
            started.close().toCompletionStage().toCompletableFuture().join();
            vertx = null;
        }
    }

    private void awaitWorkers() {
        try {
            if (inFlight.tryAcquire(config.requestsInFlight(), ABORT_SECONDS, TimeUnit.SECONDS)) {
                inFlight.release(config.requestsInFlight());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions();
        if (tls != null) {
            Credentials now = tls.current();
            options.setSsl(true)
                    .setUseAlpn(false)
                    .setKeyCertOptions(KeyCertOptions.wrap(now.keys()))
                    .setTrustOptions(TrustOptions.wrap(now.trust()))
                    .setClientAuth(ClientAuth.REQUIRED)
                    .setEnabledSecureTransportProtocols(Set.copyOf(NodeTls.PROTOCOLS));
        }
        return options
                // Else a connection shows itself only with its first bytes, which tell HTTP/2 from HTTP/1.1.
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setMaxHeaderSize((int) config.headBytes().bytes())
                .setMaxInitialLineLength((int) config.targetBytes().bytes())
                .setIdleTimeout((int) Math.max(1, config.idle().toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    private void use(Credentials next) {
        HttpServer bound = server;
        if (bound != null) {
            bound.updateSSLOptions(
                            new ServerSSLOptions()
                                    .setUseAlpn(false)
                                    .setKeyCertOptions(KeyCertOptions.wrap(next.keys()))
                                    .setTrustOptions(TrustOptions.wrap(next.trust()))
                                    .setClientAuth(ClientAuth.REQUIRED)
                                    .setEnabledSecureTransportProtocols(Set.copyOf(NodeTls.PROTOCOLS)),
                            true)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    // On the event loop.

    private void refused(Throwable failure) {
        if (tls != null && failure instanceof SSLException) {
            tls.refusedCaller(NodeTls.Port.CONTROL, failure);
        }
    }

    private void admit(HttpConnection connection) {
        if (connections.incrementAndGet() > config.connections()) {
            connection.close();
        }
        connection.closeHandler(closed -> connections.decrementAndGet());
    }

    private void receive(HttpServerRequest received) {
        requests.increment();
        String name = received.method().name();
        Method method = METHODS.get(name);
        if (method == null) {
            refuse(received, 501, "the request method is not supported");
            return;
        }
        if (length(received) > config.bodyBytes().bytes()) {
            refuse(received, 413, "the body is longer than " + config.bodyBytes());
            return;
        }
        if ("100-continue".equalsIgnoreCase(received.getHeader("Expect"))) {
            received.response().writeContinue();
        }
        Buffer body = Buffer.buffer();
        received.handler(piece -> {
            if (body.length() + (long) piece.length() > config.bodyBytes().bytes()) {
                received.handler(null).endHandler(null);
                refuse(received, 413, "the body is longer than " + config.bodyBytes());
            } else {
                body.appendBuffer(piece);
            }
        });
        received.endHandler(end -> start(received, method, body));
    }

    private void start(HttpServerRequest received, Method method, Buffer body) {
        if (!inFlight.tryAcquire()) {
            refuse(received, 503, "too many requests");
            return;
        }
        Context context = Objects.requireNonNull(Vertx.currentContext(), "a request arrives on an event loop");
        VertxExchange exchange = exchange(received, method, body);
        Thread worker = Thread.ofVirtual().unstarted(() -> {
            try {
                replies.send(exchange, context, received.response(), answering.call(exchange));
            } finally {
                workers.remove(Thread.currentThread());
                inFlight.release();
            }
        });
        workers.add(worker);
        worker.start();
    }

    private VertxExchange exchange(HttpServerRequest received, Method method, Buffer body) {
        Headers headers = new Headers(received.headers().size());
        for (Map.Entry<String, String> line : received.headers()) {
            headers.add(line.getKey(), line.getValue());
        }
        Body bytes = body.length() == 0 ? Body.empty() : new MemoryBody(ByteBuffer.wrap(body.getBytes()));
        return new VertxExchange(
                new Request(method, received.uri(), headers),
                bytes,
                remote(received),
                received.isSSL(),
                Long.toHexString(nextId.getAndIncrement()));
    }

    private static InetSocketAddress remote(HttpServerRequest received) {
        try {
            InetAddress host = InetAddress.getByName(received.remoteAddress().hostAddress());
            return new InetSocketAddress(host, received.remoteAddress().port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address is no address", e);
        }
    }

    private static long length(HttpServerRequest received) {
        String length = received.getHeader("Content-Length");
        return length == null ? 0 : Long.parseLong(length);
    }

    private static void refuse(HttpServerRequest received, int status, String text) {
        received.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .putHeader("Connection", "close")
                .end(text + "\n")
                .onComplete(sent -> received.connection().close());
    }
}
