package io.forebay.storage.volume;

import io.forebay.common.config.Settings;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.Durability;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A volume whose log records are texts, and the list of those that are visible.
final class LogFixture implements AutoCloseable {
    static final VolumeOwner OWNER = new VolumeOwner("cluster-1", new NodeId("node1"));
    static final VolumeConfig CONFIG = config(Map.of());

    private final Volume volume;
    private final SegmentLog<TextEntry> log;
    private final List<String> recovered = new ArrayList<>();
    private final List<String> applied = new ArrayList<>();

    LogFixture(Disk disk, VolumeConfig config) {
        this.volume = Volume.open(disk, config, OWNER, Ticker.SYSTEM, new Metrics());
        LogPosition end;
        try {
            end = volume.recover(null, record -> {
                volume.segments().ensure(record.segment());
                recovered.add(text(record.operations()));
            });
        } catch (RuntimeException e) {
            volume.close();
            throw e;
        }
        this.log = volume.start(end, (group, position) -> {
            synchronized (applied) {
                group.forEach(entry -> applied.add(entry.text));
            }
        });
    }

    static VolumeConfig config(Map<String, String> changes) {
        Map<String, String> values = new java.util.HashMap<>(Map.of(
                "small-object",
                "16KiB",
                "segment",
                "1MiB",
                "write-memory",
                "8MiB",
                "open-files",
                "16",
                "reserve",
                "0%"));
        values.putAll(changes);
        return Settings.of(VolumeConfig.class).bind(values);
    }

    /// A record that is a text, with a number of data bytes in front.
    static final class TextEntry extends LogEntry {
        private final String text;

        TextEntry(String text, int dataBytes, Durability durability) {
            super(buffer(text, dataBytes), null, dataBytes, durability);
            this.text = text;
        }

        private static ByteBuffer buffer(String text, int dataBytes) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ByteBuffer buffer = ByteBuffer.allocateDirect(LogFrame.HEADER_BYTES + dataBytes + bytes.length);
            return buffer.position(LogFrame.HEADER_BYTES + dataBytes).put(bytes).rewind();
        }
    }

    TextEntry commit(String text, int dataBytes, Durability durability) {
        TextEntry entry = new TextEntry(text, dataBytes, durability);
        log.commit(entry);
        return entry;
    }

    SegmentLog<TextEntry> log() {
        return log;
    }

    Volume volume() {
        return volume;
    }

    /// What the log had when it was opened.
    List<String> recovered() {
        return recovered;
    }

    List<String> applied() {
        synchronized (applied) {
            return List.copyOf(applied);
        }
    }

    @Override
    public void close() {
        try {
            log.close();
        } finally {
            volume.close();
        }
    }

    private static String text(ByteBuffer operations) {
        return StandardCharsets.UTF_8.decode(operations).toString();
    }
}
