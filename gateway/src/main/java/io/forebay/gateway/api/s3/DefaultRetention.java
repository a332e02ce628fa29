package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.ObjectLock;
import java.time.Period;
import org.jspecify.annotations.Nullable;

/// The document by which a bucket's objects can be locked, and are by default: `ObjectLockConfiguration`.
final class DefaultRetention {
    private static final int MAX_DAYS = 36_500;
    private static final int MAX_YEARS = 100;

    private DefaultRetention() {}

    /// The text that a bucket keeps of a document. Throws MalformedXML, InvalidRetentionPeriod.
    static String read(XmlElement document) {
        if (!BucketConfiguration.ENABLED.equals(document.findText("ObjectLockEnabled"))) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        XmlElement rule = document.find("Rule");
        if (rule == null) {
            return Bucket.LOCKABLE;
        }
        XmlElement retention = rule.find("DefaultRetention");
        String mode = retention == null ? null : retention.findText("Mode");
        if (retention == null || mode == null || !ObjectLock.isMode(mode)) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        String days = retention.findText("Days");
        String years = retention.findText("Years");
        if (days == null == (years == null)) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        Period period = days == null ? Period.ofYears(number(years, MAX_YEARS)) : Period.ofDays(number(days, MAX_DAYS));
        return new ObjectLock.Default(mode, period).text();
    }

    private static int number(@Nullable String text, int most) {
        int number;
        try {
            number = Integer.parseInt(String.valueOf(text).strip());
        } catch (NumberFormatException e) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        if (number < 1) {
            throw new S3Failure(
                    S3Error.INVALID_RETENTION_PERIOD, "Default retention period must be a positive integer value.");
        }
        if (number > most) {
            throw new S3Failure(S3Error.INVALID_RETENTION_PERIOD, "Default retention period is more than " + most);
        }
        return number;
    }

    /// The document of a text that was kept.
    static XmlWriter document(String text) {
        XmlWriter xml =
                XmlWriter.of("ObjectLockConfiguration").element("ObjectLockEnabled", BucketConfiguration.ENABLED);
        if (text.equals(Bucket.LOCKABLE)) {
            return xml;
        }
        ObjectLock.Default retention = ObjectLock.Default.parse(text);
        xml.open("Rule").open("DefaultRetention").element("Mode", retention.mode());
        Period period = retention.period();
        return period.getYears() > 0
                ? xml.element("Years", period.getYears()).close().close()
                : xml.element("Days", period.getDays()).close().close();
    }
}
