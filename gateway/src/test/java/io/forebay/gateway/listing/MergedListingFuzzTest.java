package io.forebay.gateway.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.PageModel;
import io.forebay.gateway.relay.Relay;
import io.forebay.gateway.routing.Router;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/// Random names over random nodes, whose pages end early at random, with old copies, copies of changes that
/// came to nothing, and tombstones while owners change: every listing has to equal the plainest computation
/// over what there is.
class MergedListingFuzzTest {
    private static final long SEED = Long.getLong("seed", 20_260_304);
    private static final int ROUNDS = Integer.getInteger("iterations", 600);

    @Test
    void everyListingEqualsTheModel() {
        for (int round = 0; round < ROUNDS; round++) {
            listOnce(new Random(SEED + round), SEED + round);
        }
    }

    private static void listOnce(Random random, long seed) {
        HoldingNodes nodes = new HoldingNodes(random);
        Router router = new Router(nodes.state(), Duration.ofSeconds(1));
        Relay relay = new Relay(
                router, nodes.channel(), Duration.ofSeconds(20), System::nanoTime, new LongAdder(), new LongAdder());
        MergedListing listing = new MergedListing(relay, 1 << 24);
        String prefix = random.nextInt(3) == 0 ? HoldingNodes.part(random) : "";
        String delimiter = random.nextBoolean() ? "/" : "";
        int limit = 1 + random.nextInt(7);
        DirectExchange outer = DirectExchange.of(new Request(Method.GET, "/", new Headers()), Body.empty());
        String after = "";
        for (boolean truncated = true; truncated; ) {
            PageRequest request = new PageRequest(prefix, after, delimiter, limit, true);
            Page page = listing.page(outer, router.snapshot(), HoldingNodes.BUCKET, request);
            Page expected = PageModel.page(nodes.objects(), request);
            assertThat(page).as("seed %s, %s", seed, request).isEqualTo(expected);
            truncated = page.truncated();
            after = truncated ? page.entries().getLast().name() : after;
            nodes.perhapsMove();
        }
    }
}
