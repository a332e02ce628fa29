package io.forebay.bench.feed;

import io.forebay.bench.load.HttpText;
import io.forebay.bench.load.Operation;
import io.forebay.bench.load.RequestSource;
import io.forebay.bench.scenario.Calls;
import io.forebay.protocol.api.WireJson;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.LongFunction;

/// Pages of one listing by AIStore's API, with names and sizes, one after the other and again from the
/// beginning. The tokens are known beforehand: each is the last name of the page before.
final class PageSource implements RequestSource {
    static final int REQUEST_BYTES = 1024;

    private static final Operation LIST = Operation.of("list");

    private final String bucket;
    private final String prefix;
    private final String flags;
    private final int page;
    private final int pages;
    private final LongFunction<String> name;
    private int next;

    /// @param names how many there are below the prefix
    /// @param flags as AIStore's message has them
    /// @param name behind the prefix, by its number
    PageSource(String bucket, String prefix, String flags, int names, int page, LongFunction<String> name) {
        this.bucket = bucket;
        this.prefix = prefix;
        this.flags = flags;
        this.page = page;
        this.pages = names / page;
        this.name = name;
    }

    @Override
    public Operation next(ByteBuffer target) {
        String message = message(next);
        String lines = "Accept: application/msgpack\r\nContent-Type: application/json\r\n";
        HttpText.put(HttpText.head("GET", target(), message.length(), lines), target);
        HttpText.put(message, target);
        next = (next + 1) % pages;
        return LIST;
    }

    /// Fails unless the server gives the token that the second page is asked for with.
    void require(Calls calls) {
        Map<?, ?> first = WireJson.read(calls.ask(target(), message(0)), Map.class);
        String expected = pages == 1 ? "" : token(1);
        if (!expected.equals(first.get("continuation_token"))) {
            throw new IllegalStateException(
                    "the token of the first page is " + first.get("continuation_token") + ", not " + expected);
        }
    }

    private String target() {
        return "/v1/buckets/" + bucket;
    }

    private String token(int number) {
        return number == 0 ? "" : prefix + name.apply((long) number * page - 1);
    }

    private String message(int number) {
        return "{\"action\":\"list\",\"value\":{\"props\":\"name,size\",\"prefix\":\"" + prefix
                + "\",\"continuation_token\":\"" + token(number) + "\",\"pagesize\":" + page + ",\"flags\":\"" + flags
                + "\"}}";
    }
}
