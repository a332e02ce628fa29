package io.forebay.gateway.api.s3;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a bucket answers about the configurations of S3 that nothing here can set: the error or the document that an
/// unconfigured bucket has.
final class BucketConfigurations {
    private static final Map<String, S3Error> UNSET = Map.ofEntries(
            Map.entry("analytics", S3Error.NO_SUCH_CONFIGURATION),
            Map.entry("intelligent-tiering", S3Error.NO_SUCH_CONFIGURATION),
            Map.entry("inventory", S3Error.NO_SUCH_CONFIGURATION),
            Map.entry("metrics", S3Error.NO_SUCH_CONFIGURATION),
            Map.entry("replication", S3Error.REPLICATION_CONFIGURATION_NOT_FOUND),
            Map.entry("website", S3Error.NO_SUCH_WEBSITE_CONFIGURATION));

    private static final Map<String, String> EMPTY_DOCUMENTS = Map.of(
            "accelerate", "AccelerateConfiguration",
            "logging", "BucketLoggingStatus",
            "requestPayment", "RequestPaymentConfiguration");

    private BucketConfigurations() {}

    static boolean isReadable(String sub) {
        return UNSET.containsKey(sub) || EMPTY_DOCUMENTS.containsKey(sub);
    }

    /// Whether removing the configuration that nobody could set is no more than finding it removed.
    static boolean isRemovable(String sub) {
        return switch (sub) {
            case "analytics", "intelligent-tiering", "inventory", "metrics", "replication", "website" -> true;
            default -> false;
        };
    }

    /// The document of a configuration. Throws the error of one that is not set.
    static XmlWriter document(String sub) {
        @Nullable S3Error unset = UNSET.get(sub);
        if (unset != null) {
            throw new S3Failure(unset);
        }
        XmlWriter xml = XmlWriter.of(EMPTY_DOCUMENTS.getOrDefault(sub, sub));
        return sub.equals("requestPayment") ? xml.element("Payer", "BucketOwner") : xml;
    }
}
