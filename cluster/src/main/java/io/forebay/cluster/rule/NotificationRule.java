package io.forebay.cluster.rule;

import java.util.List;

/// One rule of a bucket's notifications: which changes of which objects are told to whom.
///
/// @param id unique in its bucket; told with each event
/// @param form how S3's document calls the receiver, which is the same to us
/// @param arn the receiver as the document names it: `arn:forebay:sqs::NAME:webhook`
/// @param events by S3's names, such as `s3:ObjectCreated:*`
/// @param prefix what the object's name begins with
/// @param suffix what the object's name ends with
public record NotificationRule(String id, Form form, String arn, List<String> events, String prefix, String suffix) {
    public NotificationRule {
        events = List.copyOf(events);
    }

    /// The elements of S3's document that can say a rule.
    public enum Form {
        QUEUE,
        TOPIC
    }

    /// The name of the webhook, as operators gave it in `storage.notification.webhooks`.
    public String webhook() {
        return WebhookArn.webhook(arn);
    }

    /// Whether a change of an object is told by it.
    boolean tells(ChangeEvent event, String name) {
        return name.startsWith(prefix)
                && name.endsWith(suffix)
                && name.length() >= prefix.length() + suffix.length()
                && events.stream().anyMatch(named -> ChangeEvent.named(named).contains(event));
    }

    /// Whether both would tell the same webhook of the same change.
    public boolean overlaps(NotificationRule other) {
        boolean names = (prefix.startsWith(other.prefix) || other.prefix.startsWith(prefix))
                && (suffix.endsWith(other.suffix) || other.suffix.endsWith(suffix));
        return names
                && webhook().equals(other.webhook())
                && events.stream()
                        .flatMap(event -> ChangeEvent.named(event).stream())
                        .anyMatch(event -> other.events.stream()
                                .anyMatch(named -> ChangeEvent.named(named).contains(event)));
    }
}
