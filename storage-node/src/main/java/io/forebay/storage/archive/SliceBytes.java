package io.forebay.storage.archive;

import io.forebay.common.io.FileSlice;
import io.forebay.transform.archive.RandomBytes;
import java.nio.ByteBuffer;
import java.util.List;

/// Slices of files, one behind the other, to be read at any place. They stay their owner's.
final class SliceBytes implements RandomBytes {
    private final List<FileSlice> slices;
    private final long[] ends;

    SliceBytes(List<FileSlice> slices) {
        this.slices = List.copyOf(slices);
        this.ends = new long[slices.size()];
        long end = 0;
        for (int index = 0; index < ends.length; index++) {
            end += slices.get(index).length();
            ends[index] = end;
        }
    }

    @Override
    public long length() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    @Override
    public void read(long from, ByteBuffer target) {
        int end = target.limit();
        long at = from;
        for (int index = 0; target.position() < end; index++) {
            if (at >= ends[index]) {
                continue;
            }
            int count = (int) Math.min(end - target.position(), ends[index] - at);
            long begin = index == 0 ? 0 : ends[index - 1];
            slices.get(index).read(at - begin, target.limit(target.position() + count));
            target.limit(end);
            at += count;
        }
    }
}
