package io.forebay.protocol.http.netty;

import io.forebay.protocol.http.netty.codec.HeadScanner;
import io.forebay.protocol.http.netty.codec.Refusal;
import io.forebay.protocol.http.netty.codec.RequestHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Reads one connection's request heads, within the server's limits.
final class RequestReader {
    private final ServerContext server;
    private final LoopState loop;
    private final HeadScanner scanner;

    RequestReader(ServerContext server, LoopState loop) {
        this.server = server;
        this.loop = loop;
        this.scanner = new HeadScanner(server.maxHeadBytes, server.maxTargetBytes);
    }

    /// Takes the next head out of the buffer, or gives null while it is not complete. Throws Refusal.
    @Nullable
    RequestHead read(ByteBuf in) {
        int length = scanner.begin(in) ? scanner.find(in) : -1;
        if (length < 0) {
            return null;
        }
        int lines = scanner.headerLines();
        scanner.reset();
        if (lines > server.maxHeaderLines) {
            throw new Refusal(431, "the head has more than " + server.maxHeaderLines + " header lines");
        }
        RequestHead head = loop.requests().parse(in, length, lines, server.maxTargetBytes);
        if (head.contentLength() > server.maxBodyBytes) {
            throw new Refusal(413, "the body is longer than " + server.maxBodyBytes + " bytes");
        }
        in.skipBytes(length);
        return head;
    }
}
