package io.forebay.storage.notification;

import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Recurring;
import io.forebay.common.time.Ticker;
import io.forebay.storage.object.Letter;
import io.forebay.storage.object.Outbox;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/// Posts the events of one webhook, in their order and each until it was taken: one request at a time, so that a
/// later event of an object never overtakes an earlier one.
final class Delivery implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Delivery.class.getName());
    private static final long FIRST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Webhook webhook;
    private final NotificationConfig config;
    private final HttpClient client;
    private final Outbox outbox;
    private final Ticker ticker;
    private final InstantSource clock;
    private final AtomicLong waiting;
    private final LongAdder delivered;
    private final LongAdder failures;
    private final Recurring work;
    private volatile long firstKeptMillis;
    private long backoffNanos;
    private long notBefore;

    /// @param waiting how many events wait
    Delivery(Webhook webhook, HttpClient client, Outbox outbox, Notifier.Parts parts, AtomicLong waiting) {
        this.webhook = webhook;
        this.config = parts.config();
        this.client = client;
        this.outbox = outbox;
        this.ticker = parts.ticker();
        this.clock = parts.clock();
        this.waiting = waiting;
        Metrics metrics = parts.metrics();
        String labels = parts.labels(webhook.name());
        this.delivered = metrics.counter(NotificationMetric.DELIVERED, labels);
        this.failures = metrics.counter(NotificationMetric.FAILURES, labels);
        metrics.gauge(NotificationMetric.DELAY, labels, this::delaySeconds);
        this.work = new Recurring("telling webhook " + webhook.name(), parts.timers(), FIRST_BACKOFF_NANOS, this::step);
    }

    void start() {
        work.start();
    }

    /// There are events.
    void wake() {
        work.wake();
    }

    @Override
    public void close() {
        work.close();
    }

    private long step() {
        long left = notBefore - ticker.nanos();
        if (backoffNanos > 0 && left > 0) {
            return left;
        }
        List<Letter> letters = outbox.first(webhook.name(), config.batch());
        firstKeptMillis = letters.isEmpty() ? 0 : letters.getFirst().keptMillis();
        if (letters.isEmpty()) {
            return Recurring.NEVER;
        }
        String failure = post(letters);
        if (!failure.isEmpty()) {
            return failed(failure);
        }
        if (backoffNanos > 0) {
            LOG.log(System.Logger.Level.INFO, "webhook {0} takes events again", webhook.name());
        }
        backoffNanos = 0;
        outbox.remove(letters);
        waiting.addAndGet(-letters.size());
        delivered.add(letters.size());
        return 0;
    }

    /// When to try again.
    private long failed(String failure) {
        failures.increment();
        if (backoffNanos == 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "webhook {0} takes no events, which wait: {1}",
                    webhook.name(),
                    failure);
        }
        backoffNanos = backoffNanos == 0
                ? FIRST_BACKOFF_NANOS
                : Math.min(2 * backoffNanos, config.maxBackoff().toNanos());
        notBefore = ticker.nanos() + backoffNanos;
        return backoffNanos;
    }

    /// What went wrong, or an empty text.
    private String post(List<Letter> letters) {
        String body = letters.stream().map(Letter::text).collect(Collectors.joining(",", "{\"Records\":[", "]}"));
        HttpRequest.Builder request = HttpRequest.newBuilder(webhook.uri())
                .timeout(config.timeout())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (webhook.token() != null) {
            request.header("Authorization", "Bearer " + webhook.token().value());
        }
        try {
            int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return status / 100 == 2 ? "" : "it answered " + status;
        } catch (IOException e) {
            return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the node stops";
        }
    }

    private double delaySeconds() {
        long kept = firstKeptMillis;
        return kept == 0 ? 0 : Math.max(0, clock.millis() - kept) / 1000.0;
    }
}
