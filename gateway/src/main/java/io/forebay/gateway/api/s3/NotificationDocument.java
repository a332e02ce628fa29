package io.forebay.gateway.api.s3;

import io.forebay.cluster.rule.ChangeEvent;
import io.forebay.cluster.rule.NotificationRule;
import io.forebay.cluster.rule.NotificationRule.Form;
import io.forebay.cluster.rule.NotificationRules;
import io.forebay.cluster.rule.WebhookArn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A `NotificationConfiguration` document and the rules that it says, held to S3's own.
///
/// Receivers are webhooks: queues and topics are other words for them here, and there are no functions. A rule
/// without an id gets one.
final class NotificationDocument {
    private static final String ROOT = "NotificationConfiguration";
    private static final int MAX_RULES = 100;
    private static final int MAX_FILTER_CHARS = 1024;

    private NotificationDocument() {}

    /// Throws MalformedXML and InvalidArgument.
    static NotificationRules read(XmlElement document) {
        for (String other : List.of("CloudFunctionConfiguration", "EventBridgeConfiguration")) {
            if (document.find(other) != null) {
                throw S3Failure.invalidArgument(
                        other, "", "Only queues and topics can be notified, which webhooks are here");
            }
        }
        List<NotificationRule> rules = new ArrayList<>();
        document.all("QueueConfiguration").forEach(element -> rules.add(rule(element, Form.QUEUE, "Queue")));
        document.all("TopicConfiguration").forEach(element -> rules.add(rule(element, Form.TOPIC, "Topic")));
        if (rules.size() > MAX_RULES) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        checkOverlaps(rules);
        return new NotificationRules(named(rules));
    }

    private static NotificationRule rule(XmlElement element, Form form, String receiver) {
        String arn = element.requireText(receiver).strip();
        if (WebhookArn.find(arn) == null) {
            throw S3Failure.invalidArgument(receiver, arn, "The ARN is not well formed");
        }
        List<String> events = new ArrayList<>();
        for (XmlElement event : element.all("Event")) {
            String name = event.text().strip();
            if (ChangeEvent.named(name).isEmpty()) {
                throw S3Failure.invalidArgument(
                        "Event", name, "The event '" + name + "' is not supported for notifications");
            }
            events.add(name);
        }
        if (events.isEmpty()) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        XmlElement filter = element.find("Filter");
        XmlElement key = filter == null ? null : filter.find("S3Key");
        String id = element.findText("Id");
        return new NotificationRule(
                id == null ? "" : id, form, arn, events, filterOf("prefix", key), filterOf("suffix", key));
    }

    /// The value of the filter rule of that name; empty when there is none.
    private static String filterOf(String name, @Nullable XmlElement key) {
        String value = null;
        for (XmlElement rule : key == null ? List.<XmlElement>of() : key.all("FilterRule")) {
            String found = rule.requireText("Name").toLowerCase(Locale.ROOT);
            if (!found.equals("prefix") && !found.equals("suffix")) {
                throw S3Failure.invalidArgument(
                        "FilterRule.Name", found, "filter rule name must be either prefix or suffix");
            }
            String text = rule.findText("Value");
            if (text != null && text.length() > MAX_FILTER_CHARS) {
                throw S3Failure.invalidArgument(
                        "FilterRule.Value", text, "Size of filter rule value cannot exceed 1024 bytes in UTF-8");
            }
            if (found.equals(name)) {
                if (value != null) {
                    throw S3Failure.invalidArgument(
                            "FilterRule.Name", found, "Cannot specify more than one " + name + " rule in a filter.");
                }
                value = text == null ? "" : text;
            }
        }
        return value == null ? "" : value;
    }

    private static void checkOverlaps(List<NotificationRule> rules) {
        for (int index = 0; index < rules.size(); index++) {
            for (NotificationRule later : rules.subList(index + 1, rules.size())) {
                if (rules.get(index).overlaps(later)) {
                    throw S3Failure.invalidArgument(
                            "NotificationConfiguration",
                            later.arn(),
                            "Configurations overlap. Configurations that tell the same receiver cannot share a common"
                                    + " event type of the same objects.");
                }
            }
        }
    }

    private static List<NotificationRule> named(List<NotificationRule> rules) {
        Set<String> ids = new HashSet<>();
        for (NotificationRule rule : rules) {
            if (!rule.id().isEmpty() && !ids.add(rule.id())) {
                throw S3Failure.invalidArgument("Id", rule.id(), "The same id is there more than once");
            }
        }
        List<NotificationRule> named = new ArrayList<>();
        for (NotificationRule rule : rules) {
            String id = rule.id().isEmpty() ? LifecycleDocument.free(ids) : rule.id();
            named.add(new NotificationRule(id, rule.form(), rule.arn(), rule.events(), rule.prefix(), rule.suffix()));
        }
        return named;
    }

    static XmlWriter write(NotificationRules rules) {
        XmlWriter xml = XmlWriter.of(ROOT);
        for (NotificationRule rule : rules.rules()) {
            boolean queue = rule.form() == Form.QUEUE;
            xml.open(queue ? "QueueConfiguration" : "TopicConfiguration")
                    .element("Id", rule.id())
                    .element(queue ? "Queue" : "Topic", rule.arn());
            rule.events().forEach(event -> xml.element("Event", event));
            if (!rule.prefix().isEmpty() || !rule.suffix().isEmpty()) {
                xml.open("Filter").open("S3Key");
                write("prefix", rule.prefix(), xml);
                write("suffix", rule.suffix(), xml);
                xml.close().close();
            }
            xml.close();
        }
        return xml;
    }

    private static void write(String name, String value, XmlWriter xml) {
        if (!value.isEmpty()) {
            xml.open("FilterRule").element("Name", name).element("Value", value).close();
        }
    }
}
