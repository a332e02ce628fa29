package io.forebay.storage.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The bytes of a simulated file at one moment; never changed.
record Content(List<Page> pages, int size) {
    static final Content EMPTY = new Content(List.of(), 0);
    static final int SECTOR_BYTES = 512;

    /// This content with bytes written over it.
    Content with(int position, byte[] bytes, int from, int count) {
        List<Page> changed = new ArrayList<>(pages);
        int done = 0;
        while (done < count) {
            int page = (position + done) / Page.BYTES;
            int at = (position + done) % Page.BYTES;
            int length = Math.min(count - done, Page.BYTES - at);
            while (changed.size() <= page) {
                changed.add(Page.ZEROS);
            }
            changed.set(page, changed.get(page).with(at, bytes, from + done, length));
            done += length;
        }
        return new Content(changed, Math.max(size, position + count));
    }

    /// This content, longer by zeros if it is shorter than that.
    Content atLeast(int bytes) {
        if (bytes <= size) {
            return this;
        }
        List<Page> longer = new ArrayList<>(pages);
        while (longer.size() * Page.BYTES < bytes) {
            longer.add(Page.ZEROS);
        }
        return new Content(longer, bytes);
    }

    /// This content without what is behind that many bytes.
    Content truncated(int bytes) {
        byte[] kept = new byte[bytes];
        read(0, ByteBuffer.wrap(kept));
        return EMPTY.with(0, kept, 0, bytes);
    }

    /// This content with one bit of a byte changed.
    Content flipped(int at) {
        byte flipped = (byte) (pages.get(at / Page.BYTES).bytes()[at % Page.BYTES] ^ 0x10);
        return with(at, new byte[] {flipped}, 0, 1);
    }

    void read(long position, ByteBuffer target) {
        long at = position;
        while (target.hasRemaining() && at < size) {
            int inPage = (int) (at % Page.BYTES);
            int count = (int) Math.min(Math.min(target.remaining(), Page.BYTES - inPage), size - at);
            target.put(pages.get((int) (at / Page.BYTES)).bytes(), inPage, count);
            at += count;
        }
    }

    long hash() {
        long sum = size;
        for (Page page : pages) {
            sum = Page.mix(sum ^ page.hash());
        }
        return sum;
    }
}
