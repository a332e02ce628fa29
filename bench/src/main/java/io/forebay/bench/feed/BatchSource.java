package io.forebay.bench.feed;

import io.forebay.bench.load.HttpText;
import io.forebay.bench.load.Operation;
import io.forebay.bench.load.RequestSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// GetBatch for tars of random entries, one request after the other; written beforehand.
final class BatchSource implements RequestSource {
    private static final Operation BATCH = Operation.of("batch");
    private static final int REQUESTS = 100;
    private static final long SEED = 7;

    private final byte[][] requests = new byte[REQUESTS][];
    private int next;

    /// @param of how many there are to choose from
    /// @param entry the JSON of one, by its number
    BatchSource(String bucket, int entries, int of, IntFunction<String> entry) {
        Random random = new Random(SEED);
        for (int index = 0; index < REQUESTS; index++) {
            String message = message(random.ints(entries, 0, of), entry);
            String head = HttpText.head("GET", target(bucket), message.length(), "Content-Type: application/json\r\n");
            requests[index] = (head + message).getBytes(StandardCharsets.US_ASCII);
        }
    }

    static String target(String bucket) {
        return "/v1/ml/moss/" + bucket;
    }

    /// A message that asks for these.
    static String message(IntStream numbers, IntFunction<String> entry) {
        return numbers.mapToObj(entry)
                .collect(Collectors.joining(",", "{\"mime\":\".tar\",\"strm\":true,\"in\":[", "]}"));
    }

    /// The most bytes that a request has.
    int requestBytes() {
        int most = 0;
        for (byte[] request : requests) {
            most = Math.max(most, request.length);
        }
        return most;
    }

    @Override
    public Operation next(ByteBuffer target) {
        target.put(requests[next]);
        next = (next + 1) % REQUESTS;
        return BATCH;
    }
}
