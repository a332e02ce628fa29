package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.api.s3.S3Client.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3RenamesTest {
    private static final String SOURCE = "x-amz-rename-source";
    private static final String TOKEN = "x-amz-client-token";
    private static final String EARLY = "Mon, 01 Jan 2001 00:00:00 GMT";
    private static final String LATE = "Fri, 01 Jan 2100 00:00:00 GMT";

    private final S3Client s3 = new S3Client();
    private String etag = "";

    @BeforeEach
    void createObject() {
        s3.put("/bucket", "");
        etag = s3.put(
                        "/bucket/old%20name",
                        "hello", "Content-Type", "text/plain", "x-amz-meta-a", "b", "x-amz-tagging", "t=v")
                .header("ETag");
    }

    @Test
    void objectHasAnotherName() {
        Answer renamed = rename("old%20name").hasStatus(200);
        assertThat(renamed.body()).isEmpty();
        s3.get("/bucket/old%20name").isError(404, "NoSuchKey");
        Answer read = s3.get("/bucket/new");
        assertThat(read.body()).isEqualTo("hello");
        assertThat(read.header("ETag")).isEqualTo(etag);
        assertThat(read.header("Content-Type")).isEqualTo("text/plain");
        assertThat(read.header("x-amz-meta-a")).isEqualTo("b");
        assertThat(read.header("x-amz-tagging-count")).isEqualTo("1");
        assertThat(read.headers().contains(TOKEN)).isFalse();
    }

    @Test
    void requestThatIsSentAgainIsAnsweredAgain() {
        rename("/old%20name", TOKEN, "t1").hasStatus(200);
        rename("/old%20name", TOKEN, "t1").hasStatus(200);
        rename("/other", TOKEN, "t1").isError(400, "IdempotencyParameterMismatch");
        rename("/old%20name", TOKEN, "t2").isError(404, "NoSuchKey");
        s3.put("/bucket/old%20name", "later");
        rename("/old%20name", TOKEN, "t1").hasStatus(200);
        assertThat(s3.get("/bucket/old%20name").body()).isEqualTo("later");
        assertThat(s3.get("/bucket/new").headers().contains(TOKEN)).isFalse();
        rename("/old%20name", TOKEN, "t3").hasStatus(200);
        assertThat(s3.get("/bucket/new").body()).isEqualTo("later");
    }

    @Test
    void tokenStaysWithTheRename() {
        rename("old%20name", TOKEN, "t1").hasStatus(200);
        s3.put("/bucket/copy", "", "x-amz-copy-source", "bucket/new").hasStatus(200);
        s3.put("/bucket/old%20name", "x");
        s3.put("/bucket/copy?renameObject", "", SOURCE, "old%20name", TOKEN, "t1")
                .hasStatus(200);
        assertThat(s3.get("/bucket/copy").body()).isEqualTo("x");
    }

    @Test
    void conditionsOnTheSource() {
        rename("old%20name", SOURCE + "-if-match", "\"other\"").isError(412, "PreconditionFailed");
        rename("old%20name", SOURCE + "-if-none-match", etag).isError(412, "PreconditionFailed");
        rename("old%20name", SOURCE + "-if-none-match", "*").isError(412, "PreconditionFailed");
        rename("old%20name", SOURCE + "-if-modified-since", LATE).isError(412, "PreconditionFailed");
        rename("old%20name", SOURCE + "-if-unmodified-since", EARLY).isError(412, "PreconditionFailed");
        s3.get("/bucket/new").isError(404, "NoSuchKey");
        rename(
                        "old%20name",
                        SOURCE + "-if-match",
                        etag,
                        SOURCE + "-if-modified-since",
                        EARLY,
                        SOURCE + "-if-unmodified-since",
                        LATE)
                .hasStatus(200);
    }

    @Test
    void conditionsOnTheTarget() {
        rename("old%20name", "If-Match", etag).isError(404, "NoSuchKey");
        rename("old%20name", "If-Modified-Since", EARLY).isError(412, "PreconditionFailed");
        String other = s3.put("/bucket/new", "there").header("ETag");
        rename("old%20name", "If-None-Match", "*").isError(412, "PreconditionFailed");
        rename("old%20name", "If-Match", etag).isError(412, "PreconditionFailed");
        rename("old%20name", "If-Modified-Since", LATE).isError(412, "PreconditionFailed");
        rename("old%20name", "If-Unmodified-Since", EARLY).isError(412, "PreconditionFailed");
        rename("old%20name", "If-Unmodified-Since", "today").isError(400, "InvalidArgument");
        assertThat(s3.get("/bucket/new").body()).isEqualTo("there");
        rename("old%20name", "If-Modified-Since", EARLY, "If-Unmodified-Since", LATE, "If-Match", other)
                .hasStatus(200);
        assertThat(s3.get("/bucket/new").body()).isEqualTo("hello");
    }

    @ParameterizedTest
    @CsvSource({
        "missing, 404, NoSuchKey",
        "new, 400, InvalidRequest",
        "/new, 400, InvalidRequest",
        "/, 400, InvalidArgument",
        "'', 400, InvalidArgument",
        "%zz, 400, InvalidArgument",
    })
    void sources(String source, int status, String code) {
        rename(source).isError(status, code);
        assertThat(s3.get("/bucket?list-type=2").elements("Key")).isEqualTo("old name");
    }

    @Test
    void renameIsAskedForWhole() {
        s3.put("/bucket/new?renameObject", "").isError(400, "InvalidArgument");
        s3.put("/bucket/new", "", SOURCE, "old%20name").isError(400, "InvalidRequest");
        s3.put("/missing/new?renameObject", "", SOURCE, "old%20name").isError(404, "NoSuchBucket");
        rename("old%20name", TOKEN, "t".repeat(65)).isError(400, "InvalidArgument");
        rename("old%20name", TOKEN, "a b").isError(400, "InvalidArgument");
        assertThat(s3.get("/bucket?list-type=2").elements("Key")).isEqualTo("old name");
    }

    private Answer rename(String source, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = SOURCE;
        all[1] = source;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return s3.put("/bucket/new?renameObject", "", all);
    }
}
