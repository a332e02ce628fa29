package io.forebay.cluster.rule;

import org.jspecify.annotations.Nullable;

/// The names by which buckets say that a webhook is told of their changes:
/// `arn:forebay:sqs:REGION:NAME:webhook`, the region being of no meaning and best empty.
public final class WebhookArn {
    private static final int FIELDS = 6;
    private static final int NAME = 4;

    private WebhookArn() {}

    /// The name of the webhook in such a text; null when it is none.
    public static @Nullable String find(String arn) {
        String[] fields = arn.split(":", -1);
        boolean isOne = fields.length == FIELDS
                && fields[0].equals("arn")
                && fields[1].equals("forebay")
                && (fields[2].equals("sqs") || fields[2].equals("sns"))
                && !fields[NAME].isEmpty()
                && fields[FIELDS - 1].equals("webhook");
        return isOne ? fields[NAME] : null;
    }

    /// As above, of a text that was found to be one.
    static String webhook(String arn) {
        String name = find(arn);
        return name == null ? "" : name;
    }
}
