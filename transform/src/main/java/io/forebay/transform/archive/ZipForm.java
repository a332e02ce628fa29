package io.forebay.transform.archive;

import io.forebay.transform.archive.zip.ZipWriter;
import java.nio.ByteBuffer;

/// A zip archive that is made.
record ZipForm(ZipWriter writer) implements ArchiveWriter.Form {
    @Override
    public void begin(String name, long size, long modifiedMillis) {
        writer.begin(name, size, modifiedMillis);
    }

    @Override
    public void body(ByteBuffer bytes) {
        writer.body(bytes);
    }

    @Override
    public void end(long size) {
        writer.end();
    }

    @Override
    public void finish() {
        writer.finish();
    }

    @Override
    public void close() {
        writer.close();
    }
}
