package io.forebay.transform.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A zip archive. A name that is there already is told apart by a number, since a zip has each name once.
final class ZipOutput implements ArchiveOutput {
    private final OutputBuffer out = new OutputBuffer();
    private final ZipOutputStream zip = new ZipOutputStream(out);
    private final Map<String, Integer> names = new HashMap<>();
    private final long modifiedMillis;

    ZipOutput(long modifiedSeconds) {
        this.modifiedMillis = modifiedSeconds * 1000;
        zip.setLevel(Deflater.BEST_SPEED);
    }

    @Override
    public void begin(String name, long size) {
        int count = names.merge(name, 1, Integer::sum);
        ZipEntry entry = new ZipEntry(count == 1 ? name : name + "." + count);
        entry.setTime(modifiedMillis);
        entry.setSize(size);
        writing(() -> zip.putNextEntry(entry));
    }

    @Override
    public void write(ByteBuffer bytes) {
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        writing(() -> zip.write(piece));
    }

    @Override
    public void end() {
        writing(zip::closeEntry);
    }

    @Override
    public void finish() {
        writing(zip::finish);
    }

    @Override
    public int ready() {
        return out.ready();
    }

    @Override
    public ByteBuffer take() {
        return out.take();
    }

    @Override
    public void close() {
        writing(zip::close);
    }

    /// A step of writing.
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private static void writing(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
    }
}
