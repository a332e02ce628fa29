package io.forebay.protocol.http.netty.codec;

import io.forebay.protocol.http.Headers;
import io.netty.buffer.ByteBuf;

/// Reads response heads; for one event loop, one head after the other.
public final class ResponseParser {
    private static final int STATUS_START = "HTTP/1.1 ".length();

    private final FieldReader fields;

    public ResponseParser(FieldReader fields) {
        this.fields = fields;
    }

    /// Parses the head of `length` bytes at the reader index, which stays. Throws Refusal.
    public ResponseHead parse(ByteBuf in, int length, int headerLines) {
        byte[] bytes = fields.load(in, length);
        if (length < STATUS_START + 5
                || bytes[0] != 'H'
                || bytes[1] != 'T'
                || bytes[2] != 'T'
                || bytes[3] != 'P'
                || bytes[4] != '/'
                || bytes[5] != '1'
                || bytes[6] != '.'
                || bytes[8] != ' ') {
            throw Refusal.malformed("the status line is malformed");
        }
        boolean modern = bytes[7] != '0';
        int status = 0;
        for (int index = STATUS_START; index < STATUS_START + 3; index++) {
            if (bytes[index] < '0' || bytes[index] > '9') {
                throw Refusal.malformed("the status is malformed");
            }
            status = 10 * status + (bytes[index] - '0');
        }
        int at = STATUS_START + 3;
        while (HeadBytes.isValue(bytes[at])) {
            at++;
        }
        if (status < 100 || bytes[at] != HeadBytes.CR || bytes[at + 1] != HeadBytes.LF) {
            throw Refusal.malformed("the status line is malformed");
        }
        Headers headers = new Headers(headerLines);
        fields.read(at + 2, length, headers);
        return new ResponseHead(status, headers, fields.contentLength(), fields.chunked(), fields.persistent(modern));
    }
}
