package io.forebay.gateway.api.s3;

import io.forebay.cluster.rule.NotificationRules;
import io.forebay.cluster.state.Bucket;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Occasions;
import io.forebay.protocol.api.Occasion;
import io.forebay.protocol.api.Occasion.Cause;
import io.forebay.protocol.http.Reply;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Says with changes of objects who asked for them, and how, where their bucket has changes told.
final class ChangeOccasions {
    private final S3Config config;
    private final Buckets buckets;
    private final String hostId;

    ChangeOccasions(S3Config config, Buckets buckets, String hostId) {
        this.config = config;
        this.buckets = buckets;
        this.hostId = hostId;
    }

    Reply run(Operation operation, S3Call call, Supplier<Reply> answer) {
        Cause cause = cause(operation);
        if (cause == null || call.address().isService() || !tells(call)) {
            return answer.get();
        }
        Occasion occasion = new Occasion(
                cause,
                call.caller().account().id(),
                Occasion.address(call.exchange().remote()),
                call.exchange().id(),
                hostId,
                config.region());
        return Occasions.during(occasion, answer::get);
    }

    private boolean tells(S3Call call) {
        Bucket bucket = buckets.find(call.bucket());
        return bucket != null && bucket.properties().containsKey(NotificationRules.PROPERTY);
    }

    /// How an operation changes objects; null when it does not.
    private static @Nullable Cause cause(Operation operation) {
        return switch (operation) {
            case PUT_OBJECT, APPEND_OBJECT, COMPLETE_MULTIPART_UPLOAD, DELETE_OBJECT, DELETE_OBJECTS -> Cause.REQUEST;
            case POST_OBJECT -> Cause.FORM;
            case COPY_OBJECT, RENAME_OBJECT -> Cause.COPY;
            default -> null;
        };
    }
}
