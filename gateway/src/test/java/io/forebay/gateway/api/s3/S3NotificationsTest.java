package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.Occasion;
import io.forebay.protocol.http.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3NotificationsTest {
    private static final String AUDIT = "arn:forebay:sqs::audit:webhook";

    private final S3Client s3 = new S3Client();

    @BeforeEach
    void createBucket() {
        s3.put("/bucket", "");
    }

    @Test
    void rulesAreSetReadAndTakenBack() {
        assertThat(s3.get("/bucket?notification").hasStatus(200).body()).endsWith("></NotificationConfiguration>");
        String queue = "<QueueConfiguration><Id>one</Id><Queue>" + AUDIT + "</Queue><Event>s3:ObjectCreated:*</Event>"
                + "<Event>s3:ObjectRemoved:Delete</Event><Filter><S3Key>"
                + "<FilterRule><Name>prefix</Name><Value>a&amp;b/</Value></FilterRule>"
                + "<FilterRule><Name>suffix</Name><Value>.jpg</Value></FilterRule></S3Key></Filter>"
                + "</QueueConfiguration>";
        String topic = "<TopicConfiguration><Id>two</Id><Topic>arn:forebay:sns:eu-central-1:index:webhook</Topic>"
                + "<Event>s3:LifecycleExpiration:*</Event></TopicConfiguration>";
        put(queue + topic).hasStatus(200);
        assertThat(s3.get("/bucket?notification").hasStatus(200).body())
                .endsWith(">" + queue + topic + "</NotificationConfiguration>");
        s3.delete("/bucket?notification").isError(501, "NotImplemented");
        put("").hasStatus(200);
        assertThat(s3.get("/bucket?notification").hasStatus(200).body()).endsWith("></NotificationConfiguration>");
        s3.get("/missing?notification").isError(404, "NoSuchBucket");
    }

    @Test
    void rulesWithoutAnIdGetOne() {
        put(rule("", AUDIT, "s3:ObjectCreated:Put", "") + rule("<Id>rule-1</Id>", AUDIT, "s3:ObjectCreated:Post", ""))
                .hasStatus(200);
        assertThat(s3.get("/bucket?notification").elements("Id")).isEqualTo("rule-2,rule-1");
        put(rule("<Id>a</Id>", AUDIT, "s3:ObjectCreated:Put", "")
                        + rule("<Id>a</Id>", AUDIT, "s3:ObjectCreated:Post", ""))
                .isError(400, "InvalidArgument");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            arn:forebay:sqs::other:webhook | s3:ObjectCreated:*      | '' | InvalidArgument
            arn:aws:sqs::audit:webhook     | s3:ObjectCreated:*      | '' | InvalidArgument
            arn:forebay:sqs::audit:kafka   | s3:ObjectCreated:*      | '' | InvalidArgument
            arn:forebay:sqs:::webhook      | s3:ObjectCreated:*      | '' | InvalidArgument
            arn:forebay:sqs::audit:webhook:| s3:ObjectCreated:*      | '' | InvalidArgument
            audit                          | s3:ObjectCreated:*      | '' | InvalidArgument
            arn:forebay:sqs::audit:webhook | s3:ObjectCreated:Some   | '' | InvalidArgument
            arn:forebay:sqs::audit:webhook | s3:ObjectRestore:*      | '' | InvalidArgument
            arn:forebay:sqs::audit:webhook | ObjectCreated:*         | '' | InvalidArgument
            arn:forebay:sqs::audit:webhook | s3:ObjectCreated:*      | <FilterRule><Name>infix</Name><Value>x</Value></FilterRule> | InvalidArgument
            arn:forebay:sqs::audit:webhook | s3:ObjectCreated:*      | <FilterRule><Value>x</Value></FilterRule> | MalformedXML
            arn:forebay:sqs::audit:webhook | s3:ObjectCreated:*      | <FilterRule><Name>prefix</Name><Value>x</Value></FilterRule><FilterRule><Name>Prefix</Name><Value>y</Value></FilterRule> | InvalidArgument
            """)
    void rulesThatAreNone(String arn, String event, String filter, String code) {
        put(rule("", arn, event, filter)).isError(400, code);
        assertThat(s3.get("/bucket?notification").body()).endsWith("></NotificationConfiguration>");
    }

    @Test
    void documentsThatAreNone() {
        s3.put("/bucket?notification", "<Other/>").isError(400, "MalformedXML");
        put("<QueueConfiguration><Queue>" + AUDIT + "</Queue></QueueConfiguration>")
                .isError(400, "MalformedXML");
        put("<QueueConfiguration><Event>s3:ObjectCreated:*</Event></QueueConfiguration>")
                .isError(400, "MalformedXML");
        put("<CloudFunctionConfiguration/>").isError(400, "InvalidArgument");
        put("<EventBridgeConfiguration/>").isError(400, "InvalidArgument");
    }

    @Test
    void oneReceiverIsToldOnceOfAChange() {
        String jpg = filter("suffix", "jpg");
        put(rule("", AUDIT, "s3:ObjectCreated:*", filter("prefix", "a"))
                        + rule("", AUDIT, "s3:ObjectCreated:Put", filter("prefix", "ab")))
                .isError(400, "InvalidArgument");
        put(rule("", AUDIT, "s3:ObjectCreated:*", jpg) + rule("", AUDIT, "s3:ObjectCreated:Put", ""))
                .isError(400, "InvalidArgument");
        put(rule("", AUDIT, "s3:ObjectCreated:*", filter("prefix", "a"))
                        + rule("", AUDIT, "s3:ObjectCreated:*", filter("prefix", "b"))
                        + rule("", AUDIT, "s3:ObjectRemoved:*", "")
                        + rule("", "arn:forebay:sqs::index:webhook", "s3:ObjectCreated:*", ""))
                .hasStatus(200);
    }

    @Test
    void nodesAreToldWhoChangesAnObjectAndHow() {
        change("before");
        assertThat(occasions()).as("of a bucket without rules").isEmpty();
        put(rule("", AUDIT, "s3:ObjectCreated:*", "")).hasStatus(200);
        change("after");
        assertThat(occasions())
                .containsExactlyInAnyOrder(
                        "PUT after REQUEST",
                        "PUT after-copy COPY",
                        "PUT after-form FORM",
                        "PUT after-many REQUEST",
                        "POST after-parts REQUEST",
                        "DELETE after REQUEST",
                        "DELETE bucket REQUEST");
        Occasion occasion = Occasion.parse(s3.cluster.requests().stream()
                .flatMap(request -> request.headers().all(NodeHeaders.OCCASION).stream())
                .findFirst()
                .orElseThrow());
        assertThat(occasion)
                .isEqualTo(
                        new Occasion(Occasion.Cause.REQUEST, "root", "127.0.0.1", "direct", "host-id", "eu-central-1"));
    }

    private void change(String name) {
        s3.put("/bucket/" + name, "x").hasStatus(200);
        s3.put("/bucket/" + name + "-copy", "", "x-amz-copy-source", "bucket/" + name)
                .hasStatus(200);
        s3.post("/bucket", form(name + "-form"), "Content-Type", "multipart/form-data; boundary=a")
                .hasStatus(204);
        s3.put("/bucket/" + name + "-many", "x").hasStatus(200);
        String parts = "/bucket/" + name + "-parts";
        String upload = s3.post(parts + "?uploads", "").element("UploadId");
        String etag = s3.put(parts + "?partNumber=1&uploadId=" + upload, "x").header("ETag");
        s3.post(
                        parts + "?uploadId=" + upload,
                        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                                + "</ETag></Part></CompleteMultipartUpload>")
                .hasStatus(200);
        s3.delete("/bucket/" + name).hasStatus(204);
        s3.post(
                        "/bucket?delete",
                        "<Delete><Object><Key>" + name + "-many</Key></Object><Object><Key>" + name
                                + "-copy</Key></Object></Delete>")
                .hasStatus(200);
        s3.get("/bucket/" + name + "-form").hasStatus(200);
    }

    private static String form(String key) {
        return "--a\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n" + key
                + "\r\n--a\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--a--\r\n";
    }

    /// What the nodes were told: method, name, and cause.
    private List<String> occasions() {
        List<String> told = new ArrayList<>();
        for (Request request : s3.cluster.requests()) {
            String text = request.headers().find(NodeHeaders.OCCASION);
            if (text != null) {
                String name = request.rawPath().substring(request.rawPath().lastIndexOf('/') + 1);
                told.add(request.method() + " " + name + " "
                        + Occasion.parse(text).cause());
            }
        }
        return told;
    }

    private static String filter(String name, String value) {
        return "<FilterRule><Name>" + name + "</Name><Value>" + value + "</Value></FilterRule>";
    }

    private Answer put(String rules) {
        return s3.put("/bucket?notification", "<NotificationConfiguration>" + rules + "</NotificationConfiguration>");
    }

    private static String rule(String id, String arn, String event, String filter) {
        return "<QueueConfiguration>" + id + "<Queue>" + arn + "</Queue><Event>" + event + "</Event><Filter><S3Key>"
                + filter + "</S3Key></Filter></QueueConfiguration>";
    }
}
