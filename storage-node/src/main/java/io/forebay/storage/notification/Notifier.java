package io.forebay.storage.notification;

import io.forebay.cluster.rule.ChangeEvent;
import io.forebay.cluster.rule.NotificationRule;
import io.forebay.cluster.rule.NotificationRules;
import io.forebay.cluster.rule.ReadOnce;
import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.api.Occasion;
import io.forebay.storage.object.Announcer;
import io.forebay.storage.object.Change;
import io.forebay.storage.object.Notice;
import io.forebay.storage.object.Occasions;
import io.forebay.storage.object.Outbox;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Tells webhooks of changes, as the rules of buckets say: it writes down what is to be told of each change, and has
/// it delivered. Safe to share between threads.
public final class Notifier implements Announcer, AutoCloseable {
    private final Parts parts;
    private final ReadOnce<NotificationRules> rules = new ReadOnce<>(NotificationRules::parse);
    private final Map<String, AtomicLong> waiting = new TreeMap<>();
    private final Map<String, LongAdder> dropped = new ConcurrentHashMap<>();
    private final Map<String, Delivery> deliveries = new ConcurrentHashMap<>();
    private final LongAdder refused;
    private final HttpClient client;

    /// What it works with.
    public record Parts(
            NodeId self,
            NotificationConfig config,
            InstantSource clock,
            Ticker ticker,
            Timers timers,
            Metrics metrics) {
        String labels(String webhook) {
            return "node=\"" + self + "\",webhook=\"" + webhook + "\"";
        }
    }

    public Notifier(Parts parts) {
        this.parts = parts;
        this.refused = parts.metrics.counter(NotificationMetric.REFUSED, "node=\"" + parts.self + "\"");
        for (String webhook : parts.config.receivers().keySet()) {
            AtomicLong count = new AtomicLong();
            waiting.put(webhook, count);
            parts.metrics.gauge(NotificationMetric.WAITING, parts.labels(webhook), count::get);
            dropped(webhook);
        }
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(parts.config.timeout())
                .build();
    }

    /// Begins to deliver what is in the outbox of the node's store.
    public void start(Outbox outbox) {
        outbox.counts().forEach((webhook, count) -> {
            AtomicLong known = waiting.get(webhook);
            if (known != null) {
                known.addAndGet(count);
            }
        });
        parts.config.receivers().forEach((name, webhook) -> {
            AtomicLong count = waiting.getOrDefault(name, new AtomicLong());
            Delivery delivery = new Delivery(webhook, client, outbox, parts, count);
            deliveries.put(name, delivery);
            delivery.start();
        });
    }

    @Override
    public void close() {
        deliveries.values().forEach(Delivery::close);
        client.shutdownNow();
    }

    @Override
    public boolean listens(Bucket bucket) {
        return bucket.properties().containsKey(NotificationRules.PROPERTY);
    }

    @Override
    public void admit(Bucket bucket) {
        if (parts.config.whenFull() != NotificationConfig.WhenFull.REFUSE || !listens(bucket)) {
            return;
        }
        for (NotificationRule rule : rulesOf(bucket).rules()) {
            if (isFull(rule.webhook())) {
                refused.increment();
                throw new StoreException(
                        ErrorCode.BUSY,
                        "as many events wait for webhook " + rule.webhook() + " as may (limit queue-limit)");
            }
        }
    }

    @Override
    public List<Notice> of(Bucket bucket, ObjectKey key, Change change) {
        Occasion occasion = Occasions.current();
        ChangeEvent event = event(change.kind(), occasion.cause());
        List<Notice> notices = new ArrayList<>(1);
        for (NotificationRule rule : rulesOf(bucket).of(event, key.name())) {
            String webhook = rule.webhook();
            if (!waiting.containsKey(webhook) || isFull(webhook)) {
                dropped(webhook).increment();
            } else {
                notices.add(new Notice(
                        webhook, EventMessage.of(rule, event, occasion, bucket, key, change, parts.clock.millis())));
            }
        }
        return notices;
    }

    @Override
    public void kept(List<Notice> notices) {
        for (Notice notice : notices) {
            AtomicLong count = waiting.get(notice.queue());
            if (count != null) {
                count.incrementAndGet();
            }
            Delivery delivery = deliveries.get(notice.queue());
            if (delivery != null) {
                delivery.wake();
            }
        }
    }

    private NotificationRules rulesOf(Bucket bucket) {
        return rules.of(bucket.properties().getOrDefault(NotificationRules.PROPERTY, "[]"));
    }

    private boolean isFull(String webhook) {
        AtomicLong count = waiting.get(webhook);
        return count != null && count.get() >= parts.config.queueLimit();
    }

    private LongAdder dropped(String webhook) {
        return dropped.computeIfAbsent(
                webhook, name -> parts.metrics.counter(NotificationMetric.DROPPED, parts.labels(name)));
    }

    private static ChangeEvent event(Change.Kind kind, Occasion.Cause cause) {
        boolean expires = cause == Occasion.Cause.EXPIRATION;
        return switch (kind) {
            case COMPLETED -> ChangeEvent.CREATED_BY_COMPLETION;
            case REMOVED -> expires ? ChangeEvent.EXPIRED : ChangeEvent.REMOVED;
            case MARKED -> expires ? ChangeEvent.MARKED_BY_EXPIRATION : ChangeEvent.MARKED;
            case WRITTEN ->
                switch (cause) {
                    case REQUEST, EXPIRATION -> ChangeEvent.CREATED_BY_PUT;
                    case FORM -> ChangeEvent.CREATED_BY_POST;
                    case COPY -> ChangeEvent.CREATED_BY_COPY;
                };
        };
    }
}
