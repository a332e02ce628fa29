package io.forebay.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.util.Map;

/// What tests read of archives in the bucket `b` of a node, and of what the node counts of them.
final class ArchiveReading {
    private static final int MAX_BYTES = 1 << 26;

    private final NodeFixture node;

    ArchiveReading(NodeFixture node) {
        this.node = node;
    }

    /// @param headers names, each with its value behind it
    Reply get(String target, String... headers) {
        return node.send(Method.GET, "/objects/b/" + target, headers(headers), Body.empty());
    }

    static Headers headers(String... pairs) {
        Headers headers = new Headers();
        for (int index = 0; index < pairs.length; index += 2) {
            headers.add(pairs[index], pairs[index + 1]);
        }
        return headers;
    }

    static byte[] bytes(Reply reply) {
        try (PayloadSource source = new PayloadSource(reply.payload())) {
            return source.readAll(MAX_BYTES);
        }
    }

    void assertMembers(String archive, Map<String, byte[]> members) {
        members.forEach((member, content) -> {
            Reply reply = get(archive + "?archpath=/" + member + "&archregx=");
            assertThat(reply.status()).as(member).isEqualTo(200);
            assertThat(reply.payload().length()).as(member).isEqualTo(content.length);
            assertThat(reply.headers().find("Content-Type")).isEqualTo("application/octet-stream");
            assertThat(reply.headers().find("Ais-Checksum-Value"))
                    .as("of the archive")
                    .isNull();
            assertThat(bytes(reply)).as(member).isEqualTo(content);
        });
    }

    long counted(String metric) {
        return node.metrics
                .text()
                .lines()
                .filter(line -> line.startsWith("forebay_archive_" + metric + "{"))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
