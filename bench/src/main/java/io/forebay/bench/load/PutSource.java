package io.forebay.bench.load;

import java.nio.ByteBuffer;

/// PUTs of distinct bodies of one size under distinct names.
public final class PutSource implements RequestSource {
    private static final Operation PUT = Operation.of("put");

    private final String prefix;
    private final String lines;
    private final BodyBytes body;
    private long number;

    /// Names are the prefix of the target followed by a number from `first` on.
    public PutSource(String prefix, String lines, BodyBytes body, long first) {
        this.prefix = prefix;
        this.lines = lines;
        this.body = body;
        this.number = first;
    }

    @Override
    public Operation next(ByteBuffer target) {
        long current = number++;
        HttpText.put(HttpText.head("PUT", prefix + ObjectNames.of(current), body.length(), lines), target);
        target.put(body.numbered(current));
        return PUT;
    }

    /// The number that the next name would have.
    public long next() {
        return number;
    }
}
