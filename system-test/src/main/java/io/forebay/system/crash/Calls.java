package io.forebay.system.crash;

import io.forebay.common.model.Durability;
import io.forebay.system.server.RawHttp.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The requests of the load, in the form of either face.
final class Calls implements AutoCloseable {
    /// Who speaks.
    enum Face {
        S3,
        AIS
    }

    private static final Pattern UPLOAD_ID = Pattern.compile("<UploadId>([^<]+)</UploadId>");
    private static final String NOTE = "x-amz-meta-note";
    private static final byte[] NOTHING = new byte[0];

    private final Connection connection;

    Calls(Connection connection) {
        this.connection = connection;
    }

    static String noteOf(Answer answer) {
        return answer.header(NOTE);
    }

    Answer createBucket(String bucket, Durability durability) {
        return action(
                "POST",
                bucket,
                "{\"action\":\"create-bck\",\"value\":{\"forebay\":{\"durability\":\"" + durability.wireName()
                        + "\"}}}");
    }

    Answer destroyBucket(String bucket) {
        return action("DELETE", bucket, "{\"action\":\"destroy-bck\"}");
    }

    /// Only an empty one.
    Answer removeBucket(String bucket) {
        return connection.send("DELETE", "/" + bucket);
    }

    Answer buckets() {
        return connection.send("GET", "/");
    }

    Answer list(String bucket) {
        return connection.send("GET", "/" + bucket + "?list-type=2&max-keys=1000");
    }

    Answer get(Face face, Entry entry) {
        return connection.send("GET", target(face, entry));
    }

    Answer put(Face face, Entry entry, byte[] bytes, String note) {
        return connection.send("PUT", target(face, entry), face == Face.S3 ? NOTE + ": " + note + "\r\n" : "", bytes);
    }

    Answer delete(Face face, Entry entry) {
        return connection.send("DELETE", target(face, entry));
    }

    Answer copy(Entry source, Entry target) {
        String header = "x-amz-copy-source: /" + source + "\r\n";
        return connection.send("PUT", target(Face.S3, target), header, NOTHING);
    }

    Answer append(Entry entry, String handle, byte[] bytes) {
        return connection.send("PUT", appendTarget(entry, "append", handle), "", bytes);
    }

    Answer flush(Entry entry, String handle) {
        return connection.send("PUT", appendTarget(entry, "flush", handle), "", NOTHING);
    }

    /// What the next piece is appended with.
    static String handle(Answer answer) {
        return answer.header("ais-append-handle");
    }

    Answer createUpload(Entry entry, String note) {
        return connection.send("POST", target(Face.S3, entry) + "?uploads", NOTE + ": " + note + "\r\n", NOTHING);
    }

    static String uploadId(Answer answer) {
        Matcher matcher = UPLOAD_ID.matcher(answer.text());
        return matcher.find() ? matcher.group(1) : "";
    }

    Answer putPart(Entry entry, String uploadId, int number, byte[] bytes) {
        String query = "?partNumber=" + number + "&uploadId=" + uploadId;
        return connection.send("PUT", target(Face.S3, entry) + query, "", bytes);
    }

    Answer parts(Entry entry, String uploadId) {
        return connection.send("GET", target(Face.S3, entry) + "?uploadId=" + uploadId);
    }

    Answer complete(Entry entry, String uploadId, List<String> entityTags) {
        StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
        for (int index = 0; index < entityTags.size(); index++) {
            xml.append("<Part><PartNumber>")
                    .append(index + 1)
                    .append("</PartNumber><ETag>\"")
                    .append(entityTags.get(index))
                    .append("\"</ETag></Part>");
        }
        byte[] body = xml.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
        return connection.send("POST", target(Face.S3, entry) + "?uploadId=" + uploadId, "", body);
    }

    Answer abort(Entry entry, String uploadId) {
        return connection.send("DELETE", target(Face.S3, entry) + "?uploadId=" + uploadId);
    }

    static String entityTag(Answer answer) {
        return answer.header("etag").replace("\"", "").toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        connection.close();
    }

    private Answer action(String method, String bucket, String json) {
        String header = "Content-Type: application/json\r\n";
        return connection.send(method, "/v1/buckets/" + bucket, header, json.getBytes(StandardCharsets.UTF_8));
    }

    private static String target(Face face, Entry entry) {
        return (face == Face.S3 ? "/" : "/v1/objects/") + entry;
    }

    private static String appendTarget(Entry entry, String type, String handle) {
        return target(Face.AIS, entry) + "?append_type=" + type + "&append_handle="
                + URLEncoder.encode(handle, StandardCharsets.UTF_8);
    }
}
