package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.app.GivenKeys;
import io.forebay.system.server.Cluster;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes through both faces are told to a webhook, whatever happens in between.
final class NotificationsIT {
    private static final String RULES = "<NotificationConfiguration><QueueConfiguration><Id>all</Id>"
            + "<Queue>arn:forebay:sqs::audit:webhook</Queue>"
            + "<Event>s3:ObjectCreated:*</Event><Event>s3:ObjectRemoved:*</Event>"
            + "</QueueConfiguration></NotificationConfiguration>";

    @TempDir
    private Path data;

    @Test
    void changesAreToldThoughReceiverAndClusterWereAway() throws InterruptedException {
        try (EventReceiver receiver = new EventReceiver();
                Cluster cluster = start(receiver, 3)) {
            try (RawHttp http = new RawHttp(cluster.url())) {
                assertThat(http.send("PUT", "/bucket?notification", RULES).status())
                        .isEqualTo(404);
                send(http, "PUT", "/bucket", "");
                send(http, "PUT", "/bucket?notification", RULES);
                send(http, "PUT", "/bucket/s3", "1");
                send(http, "PUT", "/bucket/s3", "12");
                assertThat(http.send("PUT", "/bucket/copy", "x-amz-copy-source: bucket/s3\r\n", new byte[0])
                                .status())
                        .isEqualTo(200);
                assertThat(ais(cluster, "PUT", "bucket/ais", "123").status()).isEqualTo(200);
                assertThat(ais(cluster, "DELETE", "bucket/ais", "").status()).isEqualTo(200);
                send(http, "PUT", "/bucket/appended", "a");
                assertThat(http.send(
                                        "PUT",
                                        "/bucket/appended",
                                        "x-amz-write-offset-bytes: 1\r\n",
                                        "b".getBytes(StandardCharsets.UTF_8))
                                .status())
                        .isEqualTo(200);
                upload(http, "/bucket/parts");
                send(
                        http,
                        "POST",
                        "/bucket?delete",
                        "<Delete><Object><Key>s3</Key></Object><Object><Key>none</Key></Object></Delete>");
                assertThat(http.send("DELETE", "/bucket/none").status()).isEqualTo(204);
            }
            cluster.restart();
            receiver.comeBack();
            List<Map<?, ?>> records = receiver.take(9);
            Map<String, List<String>> byKey = new TreeMap<>();
            Map<String, List<String>> sequences = new TreeMap<>();
            for (Map<?, ?> record : records) {
                String key = EventReceiver.at(record, "s3", "object", "key");
                byKey.computeIfAbsent(key, any -> new ArrayList<>())
                        .add(record.get("eventName") + " " + EventReceiver.at(record, "s3", "object", "size"));
                sequences
                        .computeIfAbsent(key, any -> new ArrayList<>())
                        .add(EventReceiver.at(record, "s3", "object", "sequencer"));
            }
            assertThat(byKey)
                    .isEqualTo(Map.of(
                            "s3", List.of("ObjectCreated:Put 1", "ObjectCreated:Put 2", "ObjectRemoved:Delete "),
                            "copy", List.of("ObjectCreated:Copy 2"),
                            "ais", List.of("ObjectCreated:Put 3", "ObjectRemoved:Delete "),
                            "appended", List.of("ObjectCreated:Put 1", "ObjectCreated:Put 2"),
                            "parts", List.of("ObjectCreated:CompleteMultipartUpload 4")));
            sequences.values().forEach(sequence -> assertThat(sequence).isSorted());
            Map<?, ?> byS3 = records.stream()
                    .filter(record -> EventReceiver.event(record).endsWith("Copy copy"))
                    .findFirst()
                    .orElseThrow();
            assertThat(EventReceiver.at(byS3, "userIdentity", "principalId")).isEqualTo("root");
            assertThat(EventReceiver.at(byS3, "requestParameters", "sourceIPAddress"))
                    .isEqualTo("127.0.0.1");
            assertThat(EventReceiver.at(byS3, "awsRegion")).isEqualTo("us-east-1");
            assertThat(EventReceiver.at(byS3, "responseElements", "x-amz-request-id"))
                    .isNotEmpty();
            try (RawHttp http = new RawHttp(cluster.url())) {
                send(http, "PUT", "/bucket?notification", "<NotificationConfiguration/>");
                send(http, "PUT", "/bucket/silent", "1");
                send(http, "PUT", "/bucket?notification", RULES);
                send(http, "PUT", "/bucket/last", "1");
            }
            assertThat(EventReceiver.event(receiver.take(1).getFirst())).isEqualTo("ObjectCreated:Put last");
        }
    }

    @Test
    void changeOfAnObjectWithCopiesIsToldOnce() throws InterruptedException {
        try (EventReceiver receiver = new EventReceiver();
                Cluster cluster = start(receiver, 3);
                RawHttp http = new RawHttp(cluster.url())) {
            receiver.comeBack();
            send(http, "PUT", "/bucket", "");
            assertThat(http.send(
                                    "PATCH",
                                    "/v1/buckets/bucket",
                                    "{\"action\":\"set-bprops\",\"value\":{\"mirror\":{\"enabled\":true,\"copies\":2}}}")
                            .status())
                    .isEqualTo(200);
            send(http, "PUT", "/bucket?notification", RULES);
            List<String> expected = new ArrayList<>();
            for (int number = 0; number < 40; number++) {
                send(http, "PUT", "/bucket/k" + number, "x");
                expected.add("ObjectCreated:Put k" + number);
            }
            send(http, "PUT", "/bucket/last", "x");
            expected.add("ObjectCreated:Put last");
            List<String> told = new ArrayList<>();
            for (Map<?, ?> record : receiver.take(41)) {
                told.add(EventReceiver.event(record));
            }
            assertThat(told).containsExactlyInAnyOrderElementsOf(expected);
            try (RawHttp control = new RawHttp(cluster.controlUrl())) {
                assertThat(control.metric("forebay_notification_dropped_total")).isZero();
            }
        }
    }

    private Cluster start(EventReceiver receiver, int nodes) {
        return Cluster.start(
                data,
                Map.of(
                        "server.storage-nodes",
                        Integer.toString(nodes),
                        "storage.notification.webhooks",
                        "audit=" + receiver.url(),
                        "storage.notification.max-backoff",
                        "1s"),
                GivenKeys.NONE);
    }

    private static void upload(RawHttp http, String target) {
        String started = http.send("POST", target + "?uploads").text();
        String id = started.replaceAll("(?s).*<UploadId>([^<]*)</UploadId>.*", "$1");
        String etag = http.send("PUT", target + "?partNumber=1&uploadId=" + id, "1234")
                .header("etag");
        send(
                http,
                "POST",
                target + "?uploadId=" + id,
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                        + "</ETag></Part></CompleteMultipartUpload>");
    }

    private static void send(RawHttp http, String method, String target, String body) {
        Answer answer = http.send(method, target, body);
        assertThat(answer.status())
                .as(method + " " + target + ": " + answer.text())
                .isEqualTo(200);
    }

    /// Sends an AIStore request and follows its redirect.
    private static Answer ais(Cluster cluster, String method, String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (RawHttp http = new RawHttp(cluster.url())) {
            Answer answer = http.send(method, "/v1/objects/" + path, "", bytes);
            if (answer.status() != 301 && answer.status() != 307) {
                return answer;
            }
            URI location = URI.create(answer.header("location"));
            try (RawHttp node = new RawHttp(location)) {
                return node.send(method, location.getRawPath() + "?" + location.getRawQuery(), "", bytes);
            }
        }
    }
}
