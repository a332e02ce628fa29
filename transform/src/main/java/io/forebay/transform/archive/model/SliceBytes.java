package io.forebay.transform.archive.model;

import io.forebay.common.io.FileSlice;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// Slices one behind the other.
final class SliceBytes implements SeekableBytes {
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
    public void read(long offset, ByteBuffer target) {
        int found = Arrays.binarySearch(ends, offset);
        int index = found >= 0 ? found + 1 : -found - 1;
        long at = offset;
        int limit = target.limit();
        while (target.hasRemaining()) {
            FileSlice slice = slices.get(index);
            long from = at - (ends[index] - slice.length());
            int count = (int) Math.min(target.remaining(), slice.length() - from);
            target.limit(target.position() + count);
            slice.read(from, target);
            target.limit(limit);
            at += count;
            index++;
        }
    }
}
