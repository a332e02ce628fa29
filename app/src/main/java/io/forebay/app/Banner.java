package io.forebay.app;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the server says when it starts: where it is, and a line to paste for each client.
///
/// @param token the bearer token of AIStore clients, or null without authentication
/// @param keys the root user's keys, or null without authentication
record Banner(
        String version,
        String dataUrl,
        String controlUrl,
        Path folder,
        List<String> nodeUrls,
        String region,
        @Nullable RootKeys keys,
        @Nullable String token) {

    /// Where the token is kept, in the form that the `ais` command reads.
    static final String TOKEN_FILE = "root-token.json";

    String text() {
        StringBuilder out = new StringBuilder();
        line(out, "forebay " + version);
        line(out, "  data     " + dataUrl + "  (AIStore at /v1, S3 at every other path)");
        line(out, "  control  " + controlUrl + "  (/health /ready /metrics /config)");
        line(out, "  folder   " + folder);
        line(out, "  nodes    " + nodeUrls.size() + " storage: " + String.join(" ", nodeUrls));
        line(out, "  auth     " + auth());
        if (keys != null && keys.made()) {
            line(out, "");
            line(out, "  The root user's keys, shown this once and kept in " + folder.resolve("root-keys.properties"));
            line(out, "    access key  " + keys.accessKey());
            line(out, "    secret key  " + keys.secretKey().value());
            line(out, "    token       " + token + "  (of AIStore clients)");
        }
        line(out, "");
        clients(out);
        return out.toString();
    }

    private void clients(StringBuilder out) {
        String access = keys == null ? "any" : keys.accessKey();
        String secret = keys == null ? "any" : keys.made() ? keys.secretKey().value() : "SECRET_KEY";
        String aisToken = token == null ? "" : ", token=\"" + (keys != null && keys.made() ? token : "TOKEN") + "\"";
        String curlAuth = keys == null ? "" : " --aws-sigv4 aws:amz:" + region + ":s3 --user " + access + ":" + secret;
        line(out, "  curl     curl" + curlAuth + " -X PUT " + dataUrl + "/demo");
        line(out, "           curl" + curlAuth + " -T FILE " + dataUrl + "/demo/");
        line(out, "  aistore  from aistore import Client; client = Client(\"" + dataUrl + "\"" + aisToken + ")");
        line(
                out,
                "  boto3    import boto3; s3 = boto3.client(\"s3\", endpoint_url=\"" + dataUrl + "\","
                        + " region_name=\"" + region + "\", aws_access_key_id=\"" + access
                        + "\", aws_secret_access_key=\""
                        + secret + "\")");
        line(
                out,
                "  aws      AWS_ACCESS_KEY_ID=" + access + " AWS_SECRET_ACCESS_KEY=" + secret + " AWS_DEFAULT_REGION="
                        + region + " aws --endpoint-url " + dataUrl + " s3 ls");
        line(out, "");
    }

    private String auth() {
        return keys == null
                ? "off: every caller is root"
                : "on: root is " + keys.accessKey() + "; AIStore clients send the token of "
                        + folder.resolve(TOKEN_FILE);
    }

    private static void line(StringBuilder out, String text) {
        out.append(text).append('\n');
    }
}
