package io.forebay.protocol.api;

import io.forebay.protocol.api.bucket.BucketReference;
import io.forebay.protocol.api.bucket.GoTimeLayout;
import io.forebay.protocol.api.bucket.ListMessage;
import io.forebay.protocol.api.bucket.SummaryMessage;
import io.forebay.protocol.api.cluster.JobQuery;
import io.forebay.protocol.api.cluster.NodeRemoval;
import org.jspecify.annotations.Nullable;

/// Action messages, and what their values mean: listings, summaries, jobs, nodes, metadata.
public final class ActionFuzzTarget {
    private ActionFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ActionMessage message = FuzzedMessage.read(() -> ActionMessage.parse(input));
        if (message == null) {
            return;
        }
        if (!message.equals(ActionMessage.EMPTY)) {
            FuzzedMessage.readJson(input, ActionMessage.class);
        }
        FuzzedMessage.read(message::valueMap);
        listing(value(message, ListMessage.class));
        value(message, SummaryMessage.class);
        removal(value(message, NodeRemoval.class));
        JobQuery query = value(message, JobQuery.class);
        if (query != null) {
            bucket(query.bucket());
        }
        bucket(value(message, BucketReference.class));
    }

    private static <T> @Nullable T value(ActionMessage message, Class<T> type) {
        T value = FuzzedMessage.read(() -> message.value(type));
        if (value != null) {
            FuzzedMessage.readJson(WireJson.write(value), type);
        }
        return value;
    }

    private static void listing(@Nullable ListMessage message) {
        if (message == null) {
            return;
        }
        FuzzedMessage.read(() -> {
            message.validate();
            return message.wants("size");
        });
        String format = message.timeFormat();
        if (format != null) {
            FuzzedMessage.read(() -> new GoTimeLayout(format).format(1_700_000_000_123_456_789L));
        }
    }

    private static void removal(@Nullable NodeRemoval message) {
        if (message != null) {
            FuzzedMessage.read(message::nodes);
        }
    }

    private static void bucket(@Nullable BucketReference reference) {
        if (reference != null && !reference.namesNone()) {
            var name = FuzzedMessage.read(reference::bucketName);
            if (name != null) {
                FuzzedMessage.same(name, FuzzedMessage.required(BucketReference.of(name)::bucketName));
            }
        }
    }
}
