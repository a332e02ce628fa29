package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.BucketName;
import io.forebay.gateway.api.s3.S3Client.Answer;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3TagsTest {
    private final S3Client s3 = new S3Client();

    @BeforeEach
    void createBucket() {
        s3.put("/bucket", "").hasStatus(200);
    }

    private static String tag(String key, String value) {
        return "<Tag><Key>" + key + "</Key><Value>" + value + "</Value></Tag>";
    }

    private static String tagging(String tags) {
        return "<Tagging><TagSet>" + tags + "</TagSet></Tagging>";
    }

    @Test
    void tagsComeWithTheObject() {
        s3.put("/bucket/k", "x", "x-amz-tagging", "foo=b%26ar&bar").hasStatus(200);
        Answer tags = s3.get("/bucket/k?tagging").hasStatus(200);
        assertThat(tags.elements("Key")).isEqualTo("bar,foo");
        assertThat(tags.elements("Value")).isEqualTo(",b&amp;ar");
        assertThat(s3.get("/bucket/k").header("x-amz-tagging-count")).isEqualTo("2");
        assertThat(s3.head("/bucket/k").headers().contains("x-amz-tagging")).isFalse();
        s3.put("/bucket/k", "y").hasStatus(200);
        assertThat(s3.get("/bucket/k?tagging").elements("Key")).isEmpty();
    }

    @Test
    void tagsCanBeReplacedAndRemoved() {
        s3.put("/bucket/k", "x", "x-amz-meta-a", "b", "Content-Type", "text/plain");
        String modified = s3.head("/bucket/k").header("Last-Modified");
        s3.put("/bucket/k?tagging", tagging(tag("a b", "1&amp;=2"))).hasStatus(200);
        Answer head = s3.head("/bucket/k");
        assertThat(head.header("x-amz-tagging-count")).isEqualTo("1");
        assertThat(head.header("x-amz-meta-a")).isEqualTo("b");
        assertThat(head.header("Content-Type")).isEqualTo("text/plain");
        assertThat(head.header("Last-Modified")).isEqualTo(modified);
        assertThat(s3.get("/bucket/k?tagging").elements("Value")).isEqualTo("1&amp;=2");
        s3.put("/bucket/k?tagging", tagging(tag("c", "d"))).hasStatus(200);
        assertThat(s3.get("/bucket/k?tagging").elements("Key")).isEqualTo("c");
        s3.delete("/bucket/k?tagging").hasStatus(204);
        assertThat(s3.get("/bucket/k?tagging").elements("Key")).isEmpty();
        assertThat(s3.head("/bucket/k").headers().contains("x-amz-tagging-count"))
                .isFalse();
        assertThat(s3.get("/bucket/k").body()).isEqualTo("x");
    }

    @Test
    void bucketsHaveTagsToo() {
        s3.get("/bucket?tagging").isError(404, "NoSuchTagSet");
        s3.put("/bucket?tagging", tagging(tag("team", "a&amp;b") + tag("x", "")))
                .hasStatus(204);
        Answer tags = s3.get("/bucket?tagging").hasStatus(200);
        assertThat(tags.elements("Key")).isEqualTo("team,x");
        assertThat(tags.elements("Value")).isEqualTo("a&amp;b,");
        s3.put(
                        "/tagged",
                        "<CreateBucketConfiguration><Tags>" + tag("team", "b") + tag("x", "y")
                                + "</Tags></CreateBucketConfiguration>")
                .hasStatus(200);
        assertThat(s3.get("/tagged?tagging").hasStatus(200).elements("Key")).isEqualTo("team,x");
        s3.put("/other", "<CreateBucketConfiguration><Tags>" + tag("", "b") + "</Tags></CreateBucketConfiguration>")
                .isError(400, "InvalidTag");
        s3.head("/other").hasStatus(404);
        StringBuilder many = new StringBuilder();
        for (int number = 0; number < 50; number++) {
            many.append(tag("k" + number, "v"));
        }
        s3.put("/bucket?tagging", tagging(many.toString())).hasStatus(204);
        s3.put("/bucket?tagging", tagging(many + tag("more", "v"))).isError(400, "InvalidTag");
        s3.cluster.buckets().setProperties(BucketName.of("bucket"), Map.of("access", "1"));
        s3.cluster.buckets().reset(BucketName.of("bucket"));
        Bucket reset = s3.cluster.buckets().require(BucketName.of("bucket"));
        assertThat(reset.properties()).as("AIStore's reset").containsOnlyKeys("s3.ownershipControls", "s3.tagging");
        s3.delete("/bucket?tagging").hasStatus(204);
        s3.get("/bucket?tagging").isError(404, "NoSuchTagSet");
        s3.cluster.buckets().reset(BucketName.of("bucket"));
    }

    @Test
    void copyTakesTagsOrNewOnes() {
        s3.put("/bucket/k", "x", "x-amz-tagging", "a=b");
        s3.put("/bucket/copy", "", "x-amz-copy-source", "bucket/k").hasStatus(200);
        assertThat(s3.get("/bucket/copy?tagging").elements("Key")).isEqualTo("a");
        s3.put(
                        "/bucket/copy",
                        "",
                        "x-amz-copy-source",
                        "bucket/k",
                        "x-amz-tagging-directive",
                        "REPLACE",
                        "x-amz-tagging",
                        "c=d&e=f")
                .hasStatus(200);
        assertThat(s3.get("/bucket/copy?tagging").elements("Key")).isEqualTo("c,e");
        s3.put("/bucket/copy", "", "x-amz-copy-source", "bucket/k", "x-amz-tagging-directive", "X")
                .isError(400, "InvalidArgument");
    }

    @ParameterizedTest
    @CsvSource({
        "a=b&a=c, InvalidTag",
        "=b, InvalidTag",
        "a=%zz, InvalidArgument",
        "1&2&3&4&5&6&7&8&9&10&11, InvalidTag",
    })
    void tagsInTheHeaderThatAreRefused(String header, String code) {
        s3.put("/bucket/none", "x", "x-amz-tagging", header).isError(400, code);
        s3.post("/bucket/none?uploads", "", "x-amz-tagging", header).isError(400, code);
        s3.get("/bucket/none").isError(404, "NoSuchKey");
    }

    @Test
    void documentsThatAreRefused() {
        s3.put("/bucket/k", "x", "x-amz-tagging", "a=b");
        s3.put("/bucket/k?tagging", tagging(tag("a", "v".repeat(257)))).isError(400, "InvalidTag");
        s3.put("/bucket/k?tagging", tagging(tag("k".repeat(129), "v"))).isError(400, "InvalidTag");
        s3.put("/bucket/k?tagging", tagging(tag("a", "1") + tag("a", "2"))).isError(400, "InvalidTag");
        s3.put("/bucket/k?tagging", tagging(tag("", "1"))).isError(400, "InvalidTag");
        s3.put("/bucket/k?tagging", tagging("<Tag><Key>a</Key></Tag>")).isError(400, "MalformedXML");
        s3.put("/bucket/k?tagging", "<Tagging/>").isError(400, "MalformedXML");
        s3.put("/bucket/k?tagging", "").isError(400, "MalformedXML");
        s3.put("/bucket/none?tagging", tagging(tag("a", "b"))).isError(404, "NoSuchKey");
        s3.get("/bucket/none?tagging").isError(404, "NoSuchKey");
        s3.delete("/bucket/none?tagging").isError(404, "NoSuchKey");
        s3.get("/bucket/k?tagging&versionId=1").isError(400, "InvalidArgument");
        assertThat(s3.get("/bucket/k?tagging").elements("Key")).isEqualTo("a");
    }
}
