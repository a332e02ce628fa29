package io.forebay.bench.micro;

import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;

/// A page of 1,000 entries between storage node and gateway.
public class PageCodecBenchmark extends MicroBenchmark {
    private static final int ENTRIES = 1000;

    private final Page page = page();
    private final byte[] names = PageCodec.encode(page, false);
    private final byte[] attributes = PageCodec.encode(page, true);

    @Benchmark
    @Allocates(atMost = 160_000)
    public byte[] encodeNames() {
        return PageCodec.encode(page, false);
    }

    @Benchmark
    @Allocates(atMost = 560_000)
    public byte[] encodeAttributes() {
        return PageCodec.encode(page, true);
    }

    @Benchmark
    @Allocates(atMost = 200_000)
    public Page decodeNames() {
        return PageCodec.decode(names);
    }

    @Benchmark
    @Allocates(atMost = 600_000)
    public Page decodeAttributes() {
        return PageCodec.decode(attributes);
    }

    private static Page page() {
        List<Page.Entry> entries = new ArrayList<>();
        for (int index = 0; index < ENTRIES; index++) {
            entries.add(new Page.Entry(
                    "train/n01440764/n01440764_%05d.JPEG".formatted(index),
                    false,
                    10_240,
                    1_700_000_000_000L,
                    1_700_000_000_000_000_000L,
                    1,
                    "0123456789abcdef0123456789abcdef",
                    Map.of("xxhash2", "0123456789abcdef"),
                    "",
                    Map.of()));
        }
        return new Page(entries, true);
    }
}
