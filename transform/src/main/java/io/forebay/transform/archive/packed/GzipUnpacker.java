package io.forebay.transform.archive.packed;

import io.forebay.transform.archive.model.Bounds;
import io.forebay.transform.archive.model.Refusal;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks gzip (RFC 1952): one member or several, each of which begins at a restart point. What follows the
/// last one and is none is passed over, as gzip does.
public final class GzipUnpacker implements Unpacker {
    private static final int FIXED_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int FLAG_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int FLAGS_RESERVED = 0xE0;
    private static final int MAGIC_1 = 0x1f;
    private static final int MAGIC_2 = 0x8b;
    private static final int DEFLATE = 8;

    private enum State {
        FIXED,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        HEADER_CRC,
        BODY,
        TRAILER,
        REST
    }

    private final Bounds bounds;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private State state = State.FIXED;
    private int flags;
    private int counted;
    private long number;
    private long headerBytes;
    private long packedBytes;
    private long unpackedBytes;
    private long memberAt;
    private long memberUnpackedAt;
    private boolean isFirst = true;
    private Restart restart = Restart.BEGINNING;

    public GzipUnpacker(Bounds bounds) {
        this.bounds = bounds;
    }

    @Override
    public void unpack(ByteBuffer packed, ByteBuffer target) {
        int before = target.position();
        while (packed.hasRemaining() || state == State.BODY) {
            if (state == State.REST) {
                packed.position(packed.limit());
                return;
            }
            if (state != State.BODY) {
                packedBytes++;
                framing(packed.get() & 0xFF);
                continue;
            }
            if (target.position() > before && restart.at() != memberAt) {
                return;
            }
            if (!target.hasRemaining()) {
                return;
            }
            restart = restart.at() == memberAt ? restart : new Restart(memberAt, memberAt, memberUnpackedAt);
            if (!inflate(packed, target)) {
                return;
            }
        }
    }

    /// Inflates, and returns whether anything moved.
    private boolean inflate(ByteBuffer packed, ByteBuffer target) {
        int packedFrom = packed.position();
        int targetFrom = target.position();
        inflater.setInput(packed);
        try {
            inflater.inflate(target);
        } catch (DataFormatException e) {
            throw Refusal.malformed("the gzip stream is broken at %s: %s", packedBytes, e.getMessage());
        }
        if (inflater.needsDictionary()) {
            throw Refusal.malformed("the gzip stream wants a dictionary at %s", packedBytes);
        }
        int count = target.position() - targetFrom;
        packedBytes += packed.position() - packedFrom;
        unpackedBytes += count;
        crc.update(target.slice(targetFrom, count));
        bounds.expansion(packedBytes, unpackedBytes);
        if (inflater.finished()) {
            next(State.TRAILER);
            return true;
        }
        return count > 0 || packed.position() > packedFrom;
    }

    @Override
    public Restart restart() {
        return restart;
    }

    @Override
    public void complete() {
        boolean between = state == State.FIXED && counted == 0 && !isFirst;
        if (!between && state != State.REST) {
            throw Refusal.truncated("inside a gzip stream, at " + packedBytes);
        }
    }

    @Override
    public void close() {
        inflater.end();
    }

    private void framing(int value) {
        counted++;
        switch (state) {
            case FIXED -> fixed(value);
            case EXTRA_LENGTH -> {
                number |= (long) value << (8 * (counted - 1));
                if (counted == 2) {
                    long extra = number;
                    next(extra > 0 ? State.EXTRA : afterExtra());
                    number = extra;
                }
            }
            case EXTRA -> {
                if (counted == number) {
                    next(afterExtra());
                }
            }
            case NAME -> text(value, afterName());
            case COMMENT -> text(value, afterComment());
            case HEADER_CRC -> {
                if (counted == 2) {
                    next(State.BODY);
                }
            }
            case TRAILER -> trailer(value);
            case BODY, REST -> throw new IllegalStateException("no framing in " + state);
        }
    }

    private void fixed(int value) {
        boolean right = switch (counted) {
            case 1 -> value == MAGIC_1;
            case 2 -> value == MAGIC_2;
            case 3 -> value == DEFLATE;
            case 4 -> (value & FLAGS_RESERVED) == 0;
            default -> true;
        };
        if (!right && isFirst) {
            throw Refusal.malformed("this is not a gzip stream");
        } else if (!right) {
            next(State.REST);
            return;
        }
        if (counted == 4) {
            flags = value;
        } else if (counted == FIXED_BYTES) {
            memberAt = packedBytes - FIXED_BYTES;
            memberUnpackedAt = unpackedBytes;
            headerBytes = 0;
            isFirst = false;
            next((flags & FLAG_EXTRA) != 0 ? State.EXTRA_LENGTH : afterExtra());
        }
    }

    private void text(int value, State after) {
        headerBytes++;
        bounds.header(headerBytes);
        if (value == 0) {
            next(after);
        }
    }

    private State afterExtra() {
        return (flags & FLAG_NAME) != 0 ? State.NAME : afterName();
    }

    private State afterName() {
        return (flags & FLAG_COMMENT) != 0 ? State.COMMENT : afterComment();
    }

    private State afterComment() {
        return (flags & FLAG_CRC) != 0 ? State.HEADER_CRC : State.BODY;
    }

    private void trailer(int value) {
        number |= (long) value << (8 * (counted - 1));
        if (counted < TRAILER_BYTES) {
            return;
        }
        long size = unpackedBytes - memberUnpackedAt;
        if ((int) number != (int) crc.getValue() || (int) (number >>> 32) != (int) size) {
            throw Refusal.malformed("the gzip stream does not have its checksum, at %s", packedBytes);
        }
        inflater.reset();
        crc.reset();
        next(State.FIXED);
    }

    private void next(State following) {
        state = following;
        counted = 0;
        number = 0;
    }
}
