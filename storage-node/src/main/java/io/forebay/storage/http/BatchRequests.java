package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.batch.BatchRequest;
import io.forebay.protocol.api.batch.BatchResult;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.batch.BatchStream;
import io.forebay.storage.batch.Batches;
import io.forebay.storage.batch.ItemReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/// `GET /v1/ml/moss[/BUCKET]`: many objects and members of archives as one archive (AIStore's GetBatch,
/// `api/ml.go`).
final class BatchRequests {
    private static final String BOUNDARY = "forebay-batch";

    private final Batches batches;
    private final Function<Exchange, ItemReader> items;
    private final int maxMessageBytes;

    /// @param items the node's objects, on behalf of an exchange
    BatchRequests(Batches batches, Function<Exchange, ItemReader> items, int maxMessageBytes) {
        this.batches = batches;
        this.items = items;
        this.maxMessageBytes = maxMessageBytes;
    }

    /// Throws what `Batches.begin` does, and what the first items throw where the batch does not go on
    /// without them. Where a client has a part of the answer already it is the rest, and throws what
    /// `RestOfAnswer.of` does, too.
    Reply answer(Exchange exchange, NativePath path) {
        BatchRequest request = WireJson.read(exchange.body().readAll(maxMessageBytes), BatchRequest.class);
        BatchOrigin origin = BatchOrigin.of(exchange, batches.nowMillis());
        Reply reply = answer(exchange, path, request, origin);
        return origin.sent() == null ? reply : RestOfAnswer.of(reply, origin.sent());
    }

    private Reply answer(Exchange exchange, NativePath path, BatchRequest request, BatchOrigin origin) {
        BatchStream stream = batches.begin(
                request,
                path.trailingBucketName(exchange.request().query()),
                items.apply(exchange),
                origin.modifiedMillis());
        boolean handedOn = false;
        try {
            if (request.streams()) {
                stream.prepare();
                Headers headers = new Headers()
                        .add("Content-Type", Batches.format(request).contentType());
                handedOn = true;
                return new Reply(200, headers, new Payload.Stream(stream));
            }
            return whole(origin.id(), stream);
        } finally {
            if (!handedOn) {
                stream.close();
            }
        }
    }

    /// What became of the entries, then the archive, as two parts of a form (`xact/xs/moss.go`).
    private Reply whole(String id, BatchStream stream) {
        ByteBuffer archive = archive(stream);
        byte[] result = WireJson.write(new BatchResult(id, stream.results()));
        byte[] head = ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] between = ("\r\n--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"archive\";"
                        + " filename=\"get-batch[" + id + "]\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] tail = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        int length = Math.addExact(head.length + result.length + between.length + tail.length, archive.remaining());
        ByteBuffer all = ByteBuffer.allocate(length);
        all.put(head).put(result).put(between).put(archive).put(tail);
        Headers headers = new Headers().add("Content-Type", "multipart/mixed; boundary=" + BOUNDARY);
        return new Reply(200, headers, new Payload.Memory(all.flip()));
    }

    /// All of it in memory. Throws TOO_LARGE.
    private ByteBuffer archive(BatchStream stream) {
        int max = batches.maxWholeBytes();
        ByteBuffer all = ByteBuffer.allocate(64 << 10);
        for (ByteBuffer bytes = stream.next(); bytes != null; bytes = stream.next()) {
            if (bytes.remaining() > max - all.position()) {
                throw new StoreException(
                        ErrorCode.TOO_LARGE,
                        "the batch has more than " + max + " bytes (limit max-whole): ask for it as a stream");
            }
            if (all.remaining() < bytes.remaining()) {
                int capacity = (int) Math.min(max, 2L * all.capacity() + bytes.remaining());
                all = ByteBuffer.allocate(capacity).put(all.flip());
            }
            all.put(bytes);
        }
        return all.flip();
    }
}
