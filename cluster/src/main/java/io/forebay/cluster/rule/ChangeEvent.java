package io.forebay.cluster.rule;

import java.util.ArrayList;
import java.util.List;

/// What can happen to an object that may be told, by S3's names without `s3:`.
public enum ChangeEvent {
    CREATED_BY_PUT("ObjectCreated:Put"),
    CREATED_BY_POST("ObjectCreated:Post"),
    CREATED_BY_COPY("ObjectCreated:Copy"),
    CREATED_BY_COMPLETION("ObjectCreated:CompleteMultipartUpload"),
    REMOVED("ObjectRemoved:Delete"),
    MARKED("ObjectRemoved:DeleteMarkerCreated"),
    EXPIRED("LifecycleExpiration:Delete"),
    MARKED_BY_EXPIRATION("LifecycleExpiration:DeleteMarkerCreated");

    private static final String PREFIX = "s3:";

    private final String wireName;

    ChangeEvent(String wireName) {
        this.wireName = wireName;
    }

    /// Such as `ObjectCreated:Put`.
    public String wireName() {
        return wireName;
    }

    /// Those that a name means, such as `s3:ObjectCreated:*`; none when there is no such name.
    public static List<ChangeEvent> named(String name) {
        List<ChangeEvent> events = new ArrayList<>();
        for (ChangeEvent event : values()) {
            String kind = event.wireName.substring(0, event.wireName.indexOf(':'));
            if (name.equals(PREFIX + event.wireName) || name.equals(PREFIX + kind + ":*")) {
                events.add(event);
            }
        }
        return events;
    }
}
