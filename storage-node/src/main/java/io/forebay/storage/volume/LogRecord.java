package io.forebay.storage.volume;

import io.forebay.common.model.Durability;
import java.nio.ByteBuffer;

/// A record that the log was found to have.
///
/// @param segment the segment that has it
/// @param offset where it begins there
/// @param end the log's position behind it
/// @param overhead the bytes of the record apart from object data, padding included
/// @param durability NONE when nothing that it speaks of was synced for its sake
/// @param operations borrowed while the record is visited
public record LogRecord(
        long segment, int offset, LogPosition end, int overhead, Durability durability, ByteBuffer operations) {}
