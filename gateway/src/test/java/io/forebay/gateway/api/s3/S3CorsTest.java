package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.protocol.http.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3CorsTest {
    private static final String RULES = rules(
            rule("<AllowedMethod>GET</AllowedMethod><AllowedOrigin>*suffix</AllowedOrigin>"
                    + "<ExposeHeader>ETag</ExposeHeader><ExposeHeader>x-amz-meta-a</ExposeHeader>"
                    + "<MaxAgeSeconds>60</MaxAgeSeconds>"),
            rule("<AllowedMethod>GET</AllowedMethod><AllowedOrigin>start*end</AllowedOrigin>"),
            rule("<ID>put</ID><AllowedMethod>PUT</AllowedMethod><AllowedMethod>POST</AllowedMethod>"
                    + "<AllowedOrigin>*.put</AllowedOrigin><AllowedHeader>x-amz-*</AllowedHeader>"),
            rule("<AllowedMethod>DELETE</AllowedMethod><AllowedOrigin>*</AllowedOrigin>"));

    private final S3Client s3 = new S3Client();

    private static String rules(String... rules) {
        return "<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + String.join("", rules)
                + "</CORSConfiguration>";
    }

    private static String rule(String content) {
        return "<CORSRule>" + content + "</CORSRule>";
    }

    @BeforeEach
    void createBucket() {
        s3.put("/bucket", "").hasStatus(200);
        s3.put("/bucket/k", "x").hasStatus(200);
    }

    @Test
    void configurationIsKeptAsItWasSaid() {
        s3.get("/bucket?cors").isError(404, "NoSuchCORSConfiguration");
        s3.put("/bucket?cors", RULES).hasStatus(200);
        Answer kept = s3.get("/bucket?cors").hasStatus(200);
        assertThat(kept.elements("AllowedOrigin")).isEqualTo("*suffix,start*end,*.put,*");
        assertThat(kept.elements("AllowedMethod")).isEqualTo("GET,GET,PUT,POST,DELETE");
        assertThat(kept.elements("AllowedHeader")).isEqualTo("x-amz-*");
        assertThat(kept.elements("ExposeHeader")).isEqualTo("ETag,x-amz-meta-a");
        assertThat(kept.elements("MaxAgeSeconds")).isEqualTo("60");
        assertThat(kept.elements("ID")).isEqualTo("put");
        s3.delete("/bucket?cors").hasStatus(204);
        s3.delete("/bucket?cors").hasStatus(204);
        s3.get("/bucket?cors").isError(404, "NoSuchCORSConfiguration");
        s3.put("/none?cors", RULES).isError(404, "NoSuchBucket");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
                    GET, foo.suffix, -, foo.suffix, GET
                    GET, foo.bar, -, -, -
                    GET, start1end, -, start1end, GET
                    GET, startend, -, startend, GET
                    GET, start1end.x, -, -, -
                    GET, 0start12end, -, -, -
                    GET, a.put, -, -, -
                    GET, a.put, PUT, a.put, 'PUT, POST'
                    GET, any, DELETE, *, DELETE
                    """)
    void answersToPagesOfOtherOriginsSayWhatTheFirstRuleAllows(
            String method, String origin, @Nullable String asked, @Nullable String allowed, @Nullable String methods) {
        s3.put("/bucket?cors", RULES).hasStatus(200);
        for (String path : new String[] {"/bucket/k", "/bucket/none", "/bucket"}) {
            Answer answer = asked == null
                    ? s3.call(Method.valueOf(method), path, "", "Origin", origin)
                    : s3.call(
                            Method.valueOf(method), path, "", "Origin", origin, "Access-Control-Request-Method", asked);
            assertThat(answer.headers().find("Access-Control-Allow-Origin")).isEqualTo(allowed);
            assertThat(answer.headers().find("Access-Control-Allow-Methods")).isEqualTo(methods);
        }
    }

    @Test
    void browsersLearnWhatTheyMayShowAndForHowLong() {
        s3.put("/bucket?cors", RULES).hasStatus(200);
        Answer answer = s3.get("/bucket/k", "Origin", "a.suffix").hasStatus(200);
        assertThat(answer.header("Access-Control-Expose-Headers")).isEqualTo("ETag, x-amz-meta-a");
        assertThat(answer.header("Access-Control-Max-Age")).isEqualTo("60");
        assertThat(answer.header("Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(answer.header("Vary")).contains("Origin");
        Answer any = s3.call(Method.DELETE, "/bucket/none", "", "Origin", "other");
        assertThat(any.hasStatus(204).header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(any.headers().contains("Access-Control-Allow-Credentials")).isFalse();
        assertThat(s3.get("/bucket/k").headers().contains("Access-Control-Allow-Origin"))
                .isFalse();
    }

    @Test
    void preflightIsAnsweredByTheRules() {
        preflight("a.put", "PUT", null).isError(403, "AccessForbidden");
        s3.put("/bucket?cors", RULES).hasStatus(200);
        Answer allowed = preflight("a.put", "PUT", "X-Amz-Date, x-amz-meta-a").hasStatus(200);
        assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo("a.put");
        assertThat(allowed.header("Access-Control-Allow-Headers")).isEqualTo("x-amz-date, x-amz-meta-a");
        preflight("a.put", "PUT", "x-amz-date, cookie").isError(403, "AccessForbidden");
        preflight("a.put", "GET", null).isError(403, "AccessForbidden");
        preflight("a.suffix", "GET", "x-amz-date").isError(403, "AccessForbidden");
        s3.call(Method.OPTIONS, "/bucket/k", "").isError(400, "InvalidRequest");
        s3.call(Method.OPTIONS, "/bucket/k", "", "Origin", "a.put").isError(400, "InvalidRequest");
        s3.call(Method.OPTIONS, "/none/k", "", "Origin", "a.put", "Access-Control-Request-Method", "PUT")
                .isError(404, "NoSuchBucket");
    }

    private Answer preflight(String origin, String method, @Nullable String headers) {
        return headers == null
                ? s3.call(Method.OPTIONS, "/bucket/k", "", "Origin", origin, "Access-Control-Request-Method", method)
                : s3.call(
                        Method.OPTIONS,
                        "/bucket/k",
                        "",
                        "Origin",
                        origin,
                        "Access-Control-Request-Method",
                        method,
                        "Access-Control-Request-Headers",
                        headers);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    <AllowedMethod>PATCH</AllowedMethod><AllowedOrigin>*</AllowedOrigin> | InvalidRequest
                    <AllowedMethod>GET</AllowedMethod><AllowedOrigin>*a*</AllowedOrigin> | InvalidRequest
                    <AllowedMethod>GET</AllowedMethod> | MalformedXML
                    <AllowedOrigin>*</AllowedOrigin> | MalformedXML
                    <AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin><MaxAgeSeconds>-1</MaxAgeSeconds> | MalformedXML
                    <AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin><ExposeHeader>x-*</ExposeHeader> | InvalidRequest
                    """)
    void wrongRulesAreRefused(String content, String code) {
        s3.put("/bucket?cors", rules(rule(content))).isError(400, code);
        s3.get("/bucket?cors").isError(404, "NoSuchCORSConfiguration");
    }

    @Test
    void documentsWithoutOrWithTooManyRulesAreRefused() {
        String rule = rule("<AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin>");
        s3.put("/bucket?cors", rules()).isError(400, "MalformedXML");
        s3.put("/bucket?cors", rules(rule.repeat(100))).hasStatus(200);
        s3.put("/bucket?cors", rules(rule.repeat(101))).isError(400, "MalformedXML");
        s3.put("/bucket?cors", "").isError(400, "MalformedXML");
    }
}
