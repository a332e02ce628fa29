package io.forebay.transform.archive.model;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.List;

/// Bytes that can be read at any place: an archive, or an index of one. They belong to the caller and do not
/// change while they are read. For as many threads at a time as what is behind them.
public interface SeekableBytes {
    /// How many there are.
    long length();

    /// Fills the target from that offset on, which lies inside the bytes with all of it. May wait for a disk.
    /// Throws VOLUME_FAILED or CORRUPT when they cannot be had.
    void read(long offset, ByteBuffer target);

    /// Those of a channel, which is the caller's and moves with each read: for one thread at a time.
    static SeekableBytes of(SeekableByteChannel channel) {
        return ChannelBytes.of(channel);
    }

    /// Those of slices one behind the other, which are the caller's.
    static SeekableBytes of(List<FileSlice> slices) {
        return new SliceBytes(slices);
    }

    /// Those that remain in a buffer.
    static SeekableBytes of(ByteBuffer bytes) {
        ByteBuffer all = bytes.slice();
        return new SeekableBytes() {
            @Override
            public long length() {
                return all.capacity();
            }

            @Override
            public void read(long offset, ByteBuffer target) {
                target.put(all.slice((int) offset, target.remaining()));
            }
        };
    }

    /// A channel as bytes.
    ///
    /// @param length of the channel when it was taken
    record ChannelBytes(SeekableByteChannel channel, long length) implements SeekableBytes {
        static ChannelBytes of(SeekableByteChannel channel) {
            try {
                return new ChannelBytes(channel, channel.size());
            } catch (IOException e) {
                throw new StoreException(ErrorCode.VOLUME_FAILED, "the size of an archive cannot be read", e);
            }
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            try {
                channel.position(offset);
                while (target.hasRemaining()) {
                    if (channel.read(target) < 0) {
                        throw new StoreException(
                                ErrorCode.CORRUPT, "an archive has less than the " + length + " bytes that it had");
                    }
                }
            } catch (IOException e) {
                throw new StoreException(ErrorCode.VOLUME_FAILED, "an archive cannot be read at " + offset, e);
            }
        }
    }
}
