package io.forebay.bench.scenario;

import io.forebay.bench.load.BodyBytes;
import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.ObjectNames;
import io.forebay.bench.load.PutSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Objects of one size: as files for a peer, and by PUT into a bucket.
///
/// @param name of the set: a folder, and a prefix of object names
public record Dataset(String name, int objectBytes, int objects) {
    private static final int PUT_CONNECTIONS = 16;
    private static final int HEAD_BYTES = 1024;

    /// Writes the set as files below the folder.
    public void writeFiles(Path folder) {
        BodyBytes body = new BodyBytes(objectBytes, seed());
        try {
            Path own = Files.createDirectories(folder.resolve(name));
            for (int index = 0; index < objects; index++) {
                writeFile(own.resolve(ObjectNames.of(index)), body.numbered(index));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes the set into a bucket.
    public void put(InetSocketAddress address, String bucket) {
        putBelow(address, "/v1/objects/" + bucket);
    }

    /// Writes the set into a bucket by S3, which a gateway never redirects.
    public void putByS3(InetSocketAddress address, String bucket) {
        putBelow(address, "/" + bucket);
    }

    private void putBelow(InetSocketAddress address, String bucket) {
        PutSource source = new PutSource(bucket + "/" + name + "/", "", new BodyBytes(objectBytes, seed()), 0);
        LoadLoop.run(
                        LoadPlan.counted(
                                address, Math.min(PUT_CONNECTIONS, objects), objects, objectBytes + HEAD_BYTES),
                        source)
                .requireClean();
    }

    /// Throws unless the bytes are those of the set's object.
    public void require(int index, byte[] actual) {
        if (!new BodyBytes(objectBytes, seed()).numbered(index).equals(ByteBuffer.wrap(actual))) {
            throw new IllegalStateException("object " + index + " of " + name + " came back with other bytes");
        }
    }

    private long seed() {
        return name.hashCode();
    }

    private static void writeFile(Path file, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }
}
