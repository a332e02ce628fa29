package io.forebay.protocol.api;

/// Pages of listings in msgpack, as nodes exchange them.
public final class PageFuzzTarget {
    private PageFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Page page = FuzzedMessage.readOfNode(() -> PageCodec.decode(input));
        if (page == null) {
            return;
        }
        FuzzedMessage.same(page, PageCodec.decode(PageCodec.encode(page, true)));
        Page plain = PageCodec.decode(PageCodec.encode(page, false));
        FuzzedMessage.same(plain, PageCodec.decode(PageCodec.encode(plain, false)));
        FuzzedMessage.same(
                page.entries().stream().map(Page.Entry::name).toList(),
                plain.entries().stream().map(Page.Entry::name).toList());
    }
}
