package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.api.s3.S3Client.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class S3LifecycleTest {
    private static final String EXPIRATION = "<Expiration><Days>3</Days></Expiration>";

    private final S3Client s3 = new S3Client();

    @BeforeEach
    void createBucket() {
        s3.put("/bucket", "");
    }

    @Test
    void rulesAreSetReadAndRemoved() {
        s3.get("/bucket?lifecycle").isError(404, "NoSuchLifecycleConfiguration");
        s3.delete("/bucket?lifecycle").hasStatus(204);
        String first = "<Rule><ID>one</ID><Prefix>logs/</Prefix><Status>Enabled</Status>" + EXPIRATION + "</Rule>";
        String second = "<Rule><ID>two</ID><Filter><And><Prefix>a&amp;b</Prefix>"
                + "<Tag><Key>k</Key><Value>v</Value></Tag><Tag><Key>l</Key><Value></Value></Tag>"
                + "<ObjectSizeGreaterThan>5</ObjectSizeGreaterThan><ObjectSizeLessThan>9</ObjectSizeLessThan>"
                + "</And></Filter><Status>Disabled</Status>"
                + "<Expiration><Date>2030-01-02T00:00:00.000Z</Date></Expiration>"
                + "<NoncurrentVersionExpiration><NoncurrentDays>4</NoncurrentDays>"
                + "<NewerNoncurrentVersions>2</NewerNoncurrentVersions></NoncurrentVersionExpiration></Rule>";
        String third = "<Rule><ID>three</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>"
                + "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"
                + "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation>"
                + "</AbortIncompleteMultipartUpload></Rule>";
        String fourth = "<Rule><ID>four</ID><Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter>"
                + "<Status>Enabled</Status>" + EXPIRATION + "</Rule>";
        put(first + second + third + fourth).hasStatus(200);
        assertThat(s3.get("/bucket?lifecycle").hasStatus(200).body())
                .endsWith(">" + first + second + third + fourth + "</LifecycleConfiguration>");
        s3.delete("/bucket?lifecycle").hasStatus(204);
        s3.get("/bucket?lifecycle").isError(404, "NoSuchLifecycleConfiguration");
        s3.get("/missing?lifecycle").isError(404, "NoSuchBucket");
    }

    @Test
    void rulesWithoutAnIdGetOne() {
        put(rule("", "<Prefix>a</Prefix>", EXPIRATION)
                        + rule("<ID>rule-1</ID>", "<Prefix>b</Prefix>", EXPIRATION)
                        + rule("<ID></ID>", "<Prefix>c</Prefix>", EXPIRATION))
                .hasStatus(200);
        assertThat(s3.get("/bucket?lifecycle").elements("ID")).isEqualTo("rule-2,rule-1,rule-3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <Prefix/>                 | <Expiration><Days>0</Days></Expiration>                   | InvalidArgument
            <Prefix/>                 | <Expiration><Days>x</Days></Expiration>                   | MalformedXML
            <Prefix/>                 | <Expiration><Days>-1</Days></Expiration>                  | InvalidArgument
            <Prefix/>                 | <Expiration><Date>20200101</Date></Expiration>            | MalformedXML
            <Prefix/>                 | <Expiration><Date>2020-01-01T00:00:01Z</Date></Expiration> | InvalidArgument
            <Prefix/>                 | <Expiration><Date>+99999-01-01</Date></Expiration>        | MalformedXML
            <Prefix/>                 | <Expiration><Days>1</Days><Date>2020-01-01</Date></Expiration> | MalformedXML
            <Prefix/>                 | <Expiration/>                                             | InvalidRequest
            <Prefix/>                 | ''                                                        | InvalidRequest
            ''                        | <Expiration><Days>1</Days></Expiration>                   | MalformedXML
            <Prefix/><Filter/>        | <Expiration><Days>1</Days></Expiration>                   | MalformedXML
            <Prefix/>                 | <Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition> | InvalidStorageClass
            <Prefix/>                 | <NoncurrentVersionTransition><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionTransition> | InvalidStorageClass
            <Prefix/>                 | <NoncurrentVersionExpiration/>                            | MalformedXML
            <Prefix/>                 | <NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>101</NewerNoncurrentVersions></NoncurrentVersionExpiration> | InvalidArgument
            <Prefix/>                 | <AbortIncompleteMultipartUpload><DaysAfterInitiation>0</DaysAfterInitiation></AbortIncompleteMultipartUpload> | InvalidArgument
            <Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter> | <AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload> | InvalidRequest
            <Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter> | <Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration> | InvalidRequest
            <Filter><Tag><Key></Key><Value>v</Value></Tag></Filter>  | <Expiration><Days>1</Days></Expiration> | InvalidTag
            <Filter><ObjectSizeLessThan>x</ObjectSizeLessThan></Filter> | <Expiration><Days>1</Days></Expiration> | MalformedXML
            <Filter><And><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan><ObjectSizeLessThan>5</ObjectSizeLessThan></And></Filter> | <Expiration><Days>1</Days></Expiration> | InvalidRequest
            """)
    void rulesThatAreNone(String filter, String action, String code) {
        put(rule("", filter, action)).isError(400, code);
        s3.get("/bucket?lifecycle").isError(404, "NoSuchLifecycleConfiguration");
    }

    @Test
    void documentsThatAreNone() {
        put("").isError(400, "MalformedXML");
        s3.put("/bucket?lifecycle", "<Other/>").isError(400, "MalformedXML");
        put(rule("<ID>a</ID>", "<Prefix/>", EXPIRATION).repeat(2)).isError(400, "InvalidArgument");
        put(rule("<ID>" + "a".repeat(256) + "</ID>", "<Prefix/>", EXPIRATION)).isError(400, "InvalidArgument");
        put(rule("", "<Prefix/>", EXPIRATION).repeat(1001)).isError(400, "MalformedXML");
        put("<Rule><Prefix/><Status>enabled</Status>" + EXPIRATION + "</Rule>").isError(400, "MalformedXML");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<Filter/>", "<Filter><Prefix>lo</Prefix><ObjectSizeLessThan>9</ObjectSizeLessThan></Filter>"})
    void answersSayWhenAnObjectEnds(String filter) {
        put(rule("<ID>my rule</ID>", filter, EXPIRATION)).hasStatus(200);
        // The nodes of this test write in November 2023.
        String end = "expiry-date=\"Sat, 18 Nov 2023 00:00:00 GMT\", rule-id=\"my%20rule\"";
        Answer put = s3.put("/bucket/log", "x").hasStatus(200);
        assertThat(put.header("x-amz-expiration")).isEqualTo(end);
        assertThat(s3.get("/bucket/log").header("x-amz-expiration")).isEqualTo(end);
        assertThat(s3.head("/bucket/log").header("x-amz-expiration")).isEqualTo(end);
        Answer copied = s3.put("/bucket/log2", "", "x-amz-copy-source", "bucket/log");
        assertThat(copied.header("x-amz-expiration")).isEqualTo(end);
        put(rule("", filter, "<Expiration><Days>2147483647</Days></Expiration>"))
                .hasStatus(200);
        assertThat(s3.get("/bucket/log").hasStatus(200).headers().contains("x-amz-expiration"))
                .isFalse();
        s3.delete("/bucket?lifecycle");
        assertThat(s3.get("/bucket/log").headers().contains("x-amz-expiration")).isFalse();
    }

    @Test
    void answersSayItByTags() {
        put(rule("<ID>r</ID>", "<Filter><Tag><Key>k</Key><Value>a b</Value></Tag></Filter>", EXPIRATION))
                .hasStatus(200);
        Answer tagged = s3.put("/bucket/k", "x", "x-amz-tagging", "k=a%20b");
        assertThat(tagged.header("x-amz-expiration")).endsWith("rule-id=\"r\"");
        assertThat(s3.head("/bucket/k").header("x-amz-expiration")).endsWith("rule-id=\"r\"");
        s3.delete("/bucket/k?tagging").hasStatus(204);
        assertThat(s3.head("/bucket/k").headers().contains("x-amz-expiration")).isFalse();
    }

    private Answer put(String rules) {
        return s3.put("/bucket?lifecycle", "<LifecycleConfiguration>" + rules + "</LifecycleConfiguration>");
    }

    private static String rule(String id, String filter, String action) {
        return "<Rule>" + id + filter + "<Status>Enabled</Status>" + action + "</Rule>";
    }
}
