package io.forebay.transform.archive;

import io.forebay.transform.archive.packed.Packer;
import io.forebay.transform.archive.tar.TarFraming;
import java.nio.ByteBuffer;

/// A tar that is made, packed or not.
record TarForm(Packer packer) implements ArchiveWriter.Form {
    @Override
    public void begin(String name, long size, long modifiedMillis) {
        packer.write(TarFraming.header(name, size, modifiedMillis));
    }

    @Override
    public void body(ByteBuffer bytes) {
        packer.write(bytes);
    }

    @Override
    public void end(long size) {
        packer.write(TarFraming.padding(size));
    }

    @Override
    public void finish() {
        packer.write(TarFraming.end());
        packer.finish();
    }

    @Override
    public void close() {
        packer.close();
    }
}
