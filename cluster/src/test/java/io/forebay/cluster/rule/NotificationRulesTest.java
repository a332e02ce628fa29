package io.forebay.cluster.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.rule.NotificationRule.Form;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NotificationRulesTest {
    private static final String ARN = "arn:forebay:sqs::audit:webhook";

    @Test
    void textIsReadAgain() {
        NotificationRules rules = new NotificationRules(List.of(
                new NotificationRule("a", Form.QUEUE, ARN, List.of("s3:ObjectCreated:*"), "p/", ".s"),
                new NotificationRule("b", Form.TOPIC, ARN, List.of("s3:ObjectRemoved:Delete"), "", "")));
        assertThat(NotificationRules.parse(rules.text())).isEqualTo(rules);
        assertThat(new NotificationRules(List.of()).text()).isEmpty();
    }

    @Test
    void ruleTellsWhatItNames() {
        NotificationRule rule = new NotificationRule("a", Form.QUEUE, ARN, List.of("s3:ObjectCreated:*"), "ab", "bc");
        assertThat(rule.webhook()).isEqualTo("audit");
        assertThat(rule.tells(ChangeEvent.CREATED_BY_COPY, "abbc")).isTrue();
        assertThat(rule.tells(ChangeEvent.CREATED_BY_PUT, "ab.bc")).isTrue();
        assertThat(rule.tells(ChangeEvent.CREATED_BY_PUT, "abc")).isFalse();
        assertThat(rule.tells(ChangeEvent.CREATED_BY_PUT, "ab")).isFalse();
        assertThat(rule.tells(ChangeEvent.REMOVED, "abbc")).isFalse();
        NotificationRules rules = new NotificationRules(
                List.of(rule, new NotificationRule("b", Form.QUEUE, ARN, List.of("s3:ObjectRemoved:Delete"), "", "")));
        assertThat(rules.of(ChangeEvent.REMOVED, "x"))
                .extracting(NotificationRule::id)
                .containsExactly("b");
        assertThat(rules.of(ChangeEvent.MARKED, "x")).isEmpty();
    }

    @Test
    void namesOfEvents() {
        assertThat(ChangeEvent.named("s3:ObjectCreated:*"))
                .containsExactly(
                        ChangeEvent.CREATED_BY_PUT,
                        ChangeEvent.CREATED_BY_POST,
                        ChangeEvent.CREATED_BY_COPY,
                        ChangeEvent.CREATED_BY_COMPLETION);
        assertThat(ChangeEvent.named("s3:ObjectRemoved:Delete")).containsExactly(ChangeEvent.REMOVED);
        assertThat(ChangeEvent.named("s3:*")).isEmpty();
        assertThat(ChangeEvent.named("ObjectRemoved:Delete")).isEmpty();
    }
}
