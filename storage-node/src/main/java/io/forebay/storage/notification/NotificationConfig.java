package io.forebay.storage.notification;

import io.forebay.common.config.Default;
import io.forebay.common.config.Secret;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Settings of whom changes of objects are told, and how. Every process of a cluster has the same: gateways hold
/// buckets to the names of the receivers.
public record NotificationConfig(
        @Setting("Receivers that the notifications of buckets may name as `arn:forebay:sqs::NAME:webhook`, each as"
                + " NAME=URL.")
        List<String> webhooks,

        @Setting("For receivers that want `Authorization: Bearer TOKEN`: NAME=TOKEN.")
        List<Secret> tokens,

        @Setting("Events that may wait for one receiver at one storage node.") @Default("100000")
        int queueLimit,

        @Setting("What becomes of a change when as many events wait: it is made and its event dropped (and counted), or"
                + " it is refused until there is room.")
        @Default("drop")
        WhenFull whenFull,

        @Setting("Events that are posted together at most, in one array of records.") @Default("100")
        int batch,

        @Setting("How long a receiver may take to answer.") @Default("10s")
        Duration timeout,

        @Setting("How long a receiver that failed is let alone at most: the time doubles from 1s on.") @Default("1m")
        Duration maxBackoff) {
    private static final String NAME_RULE = "[A-Za-z0-9_-]{1,64}";

    /// What becomes of a change that cannot be told because too many wait to be.
    public enum WhenFull {
        DROP,
        REFUSE
    }

    public NotificationConfig {
        webhooks = List.copyOf(webhooks);
        tokens = List.copyOf(tokens);
        Check.argument(queueLimit >= 1, "queue-limit must be at least 1, not %s", queueLimit);
        Check.argument(batch >= 1 && batch <= 1000, "batch must be 1 to 1000, not %s", batch);
        Check.argument(timeout.isPositive(), "timeout must be positive, not %s", timeout);
        Check.argument(maxBackoff.isPositive(), "max-backoff must be positive, not %s", maxBackoff);
        receivers(webhooks, tokens);
    }

    /// The receivers by name.
    public SortedMap<String, Webhook> receivers() {
        return receivers(webhooks, tokens);
    }

    private static SortedMap<String, Webhook> receivers(List<String> webhooks, List<Secret> tokens) {
        Map<String, Secret> byName = new HashMap<>();
        for (Secret secret : tokens) {
            int equals = secret.value().indexOf('=');
            Check.argument(equals > 0, "tokens: one is not of the form NAME=TOKEN");
            byName.put(
                    secret.value().substring(0, equals),
                    new Secret(secret.value().substring(equals + 1)));
        }
        SortedMap<String, Webhook> receivers = new TreeMap<>();
        for (String text : webhooks) {
            int equals = text.indexOf('=');
            String name = text.substring(0, Math.max(0, equals));
            Check.argument(
                    name.matches(NAME_RULE),
                    "webhooks: \"%s\" is not NAME=URL with a name of up to 64 letters, digits, - and _",
                    text);
            Webhook webhook = new Webhook(name, uri(text.substring(equals + 1)), byName.remove(name));
            Check.argument(receivers.put(name, webhook) == null, "webhooks: \"%s\" is there twice", name);
        }
        Check.argument(byName.isEmpty(), "tokens: there is no webhook %s", byName.keySet());
        return receivers;
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text);
            boolean isOne = ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null;
            Check.argument(isOne, "webhooks: \"%s\" is not the URL of a receiver by HTTP or HTTPS", text);
            return uri;
        } catch (URISyntaxException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "webhooks: \"" + text + "\" is no URL", e);
        }
    }
}
