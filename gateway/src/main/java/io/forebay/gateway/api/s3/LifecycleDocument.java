package io.forebay.gateway.api.s3;

import io.forebay.cluster.rule.LifecycleRule;
import io.forebay.cluster.rule.LifecycleRule.Expiration;
import io.forebay.cluster.rule.LifecycleRule.Noncurrent;
import io.forebay.cluster.rule.LifecycleRules;
import io.forebay.cluster.rule.RuleFilter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A `LifecycleConfiguration` document and the rules that it says, held to S3's own.
///
/// A rule without an id gets one. There is one storage class, so that transitions to another are refused.
final class LifecycleDocument {
    private static final String ROOT = "LifecycleConfiguration";
    private static final int MAX_RULES = 1000;
    private static final int MAX_ID_CHARS = 255;
    private static final int MAX_NEWER = 100;
    private static final long DAY_SECONDS = 86_400;
    private static final Instant LAST_DATE = Instant.parse("9999-12-31T00:00:00Z");

    private LifecycleDocument() {}

    /// Throws MalformedXML, InvalidArgument, InvalidRequest, InvalidStorageClass, InvalidTag.
    static LifecycleRules read(XmlElement document) {
        List<XmlElement> elements = document.all("Rule");
        if (elements.isEmpty() || elements.size() > MAX_RULES) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        Set<String> ids = new HashSet<>();
        for (XmlElement element : elements) {
            String id = id(element);
            if (!id.isEmpty() && !ids.add(id)) {
                throw S3Failure.invalidArgument(
                        "ID", id, "Rule ID must be unique. Found same ID for more than one rule");
            }
        }
        List<LifecycleRule> rules = new ArrayList<>(elements.size());
        for (XmlElement element : elements) {
            String id = id(element);
            rules.add(rule(element, id.isEmpty() ? free(ids) : id));
        }
        return new LifecycleRules(rules);
    }

    private static String id(XmlElement rule) {
        String id = rule.findText("ID");
        if (id != null && id.length() > MAX_ID_CHARS) {
            throw S3Failure.invalidArgument("ID", id, "ID length should not exceed allowed limit of " + MAX_ID_CHARS);
        }
        return id == null ? "" : id;
    }

    /// An id that no rule has; one has it from then on.
    static String free(Set<String> ids) {
        int number = 1;
        while (!ids.add("rule-" + number)) {
            number++;
        }
        return "rule-" + number;
    }

    private static LifecycleRule rule(XmlElement element, String id) {
        boolean enabled = isEnabled(element.requireText("Status"));
        RuleFilter filter = filter(element);
        refuseTransitions(element);
        Expiration expiration = expiration(element.find("Expiration"), filter);
        Noncurrent noncurrent = noncurrent(element.find("NoncurrentVersionExpiration"));
        Integer abortDays = abortDays(element.find("AbortIncompleteMultipartUpload"), filter);
        if (expiration == null && noncurrent == null && abortDays == null) {
            throw new S3Failure(S3Error.INVALID_REQUEST, "At least one action needs to be specified in a rule");
        }
        return new LifecycleRule(id, enabled, filter, expiration, noncurrent, abortDays);
    }

    private static boolean isEnabled(String status) {
        return switch (status) {
            case "Enabled" -> true;
            case "Disabled" -> false;
            default -> throw new S3Failure(S3Error.MALFORMED_XML);
        };
    }

    private static RuleFilter filter(XmlElement rule) {
        String prefix = rule.findText("Prefix");
        XmlElement filter = rule.find("Filter");
        if ((prefix == null) == (filter == null)) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        if (filter == null) {
            return new RuleFilter(true, prefix == null ? "" : prefix, Map.of(), null, null);
        }
        XmlElement all = filter.find("And");
        XmlElement conditions = all == null ? filter : all;
        String prefixOfFilter = conditions.findText("Prefix");
        Long larger = size(conditions, "ObjectSizeGreaterThan");
        Long smaller = size(conditions, "ObjectSizeLessThan");
        if (larger != null && smaller != null && larger >= smaller) {
            throw new S3Failure(
                    S3Error.INVALID_REQUEST,
                    "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.");
        }
        Map<String, String> tags =
                TagSet.readAll(conditions, TagSet.MAX_OF_OBJECT).tags();
        return new RuleFilter(false, prefixOfFilter == null ? "" : prefixOfFilter, tags, larger, smaller);
    }

    private static @Nullable Long size(XmlElement conditions, String name) {
        String text = conditions.findText(name);
        if (text == null) {
            return null;
        }
        try {
            long size = Long.parseLong(text.strip());
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        throw S3Failure.invalidArgument(name, text, "'" + name + "' must not be negative");
    }

    private static void refuseTransitions(XmlElement rule) {
        for (String name : List.of("Transition", "NoncurrentVersionTransition")) {
            XmlElement transition = rule.find(name);
            if (transition != null) {
                String wanted = transition.findText("StorageClass");
                throw new S3Failure(
                        S3Error.INVALID_STORAGE_CLASS,
                        "There is one storage class, STANDARD: objects cannot be transitioned to another one.",
                        Map.of("StorageClassRequested", wanted == null ? "" : wanted));
            }
        }
    }

    private static @Nullable Expiration expiration(@Nullable XmlElement element, RuleFilter filter) {
        if (element == null) {
            return null;
        }
        String days = element.findText("Days");
        String date = element.findText("Date");
        boolean markers = isTrue(element.findText("ExpiredObjectDeleteMarker"));
        int said = (days == null ? 0 : 1) + (date == null ? 0 : 1) + (markers ? 1 : 0);
        if (said > 1) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        if (markers && (!filter.tags().isEmpty() || filter.limitsSizes())) {
            throw new S3Failure(
                    S3Error.INVALID_REQUEST,
                    "ExpiredObjectDeleteMarker cannot be specified with tags or sizes of objects.");
        }
        return said == 0
                ? null
                : new Expiration(
                        days == null ? null : positive("Days", days), date == null ? null : midnight(date), markers);
    }

    private static boolean isTrue(@Nullable String text) {
        if (text == null || text.equalsIgnoreCase("false")) {
            return false;
        }
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        throw new S3Failure(S3Error.MALFORMED_XML);
    }

    private static @Nullable Noncurrent noncurrent(@Nullable XmlElement element) {
        if (element == null) {
            return null;
        }
        String newer = element.findText("NewerNoncurrentVersions");
        int days = positive("NoncurrentDays", element.requireText("NoncurrentDays"));
        int kept = newer == null ? 0 : positive("NewerNoncurrentVersions", newer);
        if (kept > MAX_NEWER) {
            throw S3Failure.invalidArgument(
                    "NewerNoncurrentVersions",
                    Integer.toString(kept),
                    "'NewerNoncurrentVersions' must not be more than " + MAX_NEWER);
        }
        return new Noncurrent(days, newer == null ? null : kept);
    }

    private static @Nullable Integer abortDays(@Nullable XmlElement element, RuleFilter filter) {
        if (element == null) {
            return null;
        }
        if (!filter.tags().isEmpty() || filter.limitsSizes()) {
            throw new S3Failure(
                    S3Error.INVALID_REQUEST,
                    "AbortIncompleteMultipartUpload cannot be specified with tags or sizes of objects.");
        }
        return positive("DaysAfterInitiation", element.requireText("DaysAfterInitiation"));
    }

    private static int positive(String name, String text) {
        int number;
        try {
            number = Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        if (number < 1) {
            throw S3Failure.invalidArgument(name, text, "'" + name + "' must be a positive integer");
        }
        return number;
    }

    /// A date that rules may name: the beginning of a day.
    private static long midnight(String text) {
        Instant instant;
        try {
            instant = text.contains("T")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        if (instant.isBefore(Instant.EPOCH) || instant.isAfter(LAST_DATE)) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        if (instant.getNano() != 0 || Math.floorMod(instant.getEpochSecond(), DAY_SECONDS) != 0) {
            throw S3Failure.invalidArgument("Date", text, "'Date' must be at midnight GMT");
        }
        return instant.toEpochMilli();
    }

    static XmlWriter write(LifecycleRules rules) {
        XmlWriter xml = XmlWriter.of(ROOT);
        rules.rules().forEach(rule -> write(rule, xml));
        return xml;
    }

    private static void write(LifecycleRule rule, XmlWriter xml) {
        xml.open("Rule").element("ID", rule.id());
        write(rule.filter(), xml);
        xml.element("Status", rule.enabled() ? "Enabled" : "Disabled");
        Expiration expiration = rule.expiration();
        if (expiration != null) {
            xml.open("Expiration");
            if (expiration.days() != null) {
                xml.element("Days", expiration.days());
            }
            if (expiration.dateMillis() != null) {
                xml.element("Date", S3Time.iso(expiration.dateMillis()));
            }
            if (expiration.markers()) {
                xml.element("ExpiredObjectDeleteMarker", true);
            }
            xml.close();
        }
        Noncurrent noncurrent = rule.noncurrent();
        if (noncurrent != null) {
            xml.open("NoncurrentVersionExpiration").element("NoncurrentDays", noncurrent.days());
            if (noncurrent.newer() != null) {
                xml.element("NewerNoncurrentVersions", noncurrent.newer());
            }
            xml.close();
        }
        Integer abortDays = rule.abortDays();
        if (abortDays != null) {
            xml.open("AbortIncompleteMultipartUpload")
                    .element("DaysAfterInitiation", abortDays)
                    .close();
        }
        xml.close();
    }

    private static void write(RuleFilter filter, XmlWriter xml) {
        if (filter.plain()) {
            xml.element("Prefix", filter.prefix());
            return;
        }
        int conditions = filter.tags().size()
                + (filter.prefix().isEmpty() ? 0 : 1)
                + (filter.largerThan() == null ? 0 : 1)
                + (filter.smallerThan() == null ? 0 : 1);
        xml.open("Filter");
        if (conditions > 1) {
            xml.open("And");
        }
        if (conditions == 0 || !filter.prefix().isEmpty()) {
            xml.element("Prefix", filter.prefix());
        }
        filter.tags()
                .forEach((key, value) -> xml.open("Tag")
                        .element("Key", key)
                        .element("Value", value)
                        .close());
        if (filter.largerThan() != null) {
            xml.element("ObjectSizeGreaterThan", filter.largerThan());
        }
        if (filter.smallerThan() != null) {
            xml.element("ObjectSizeLessThan", filter.smallerThan());
        }
        if (conditions > 1) {
            xml.close();
        }
        xml.close();
    }
}
