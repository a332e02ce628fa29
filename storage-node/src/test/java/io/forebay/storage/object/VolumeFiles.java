package io.forebay.storage.object;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A volume's files as a test looks at them and damages them.
final class VolumeFiles {
    private final Path volume;

    VolumeFiles(Path volume) {
        this.volume = volume;
    }

    List<Path> segments() {
        return in("segments").stream()
                .filter(path -> path.toString().endsWith(".seg"))
                .toList();
    }

    List<Path> large() {
        return in("files");
    }

    List<Path> index() {
        return in("index").stream()
                .filter(path -> path.toString().endsWith(".sst"))
                .toList();
    }

    static void flip(Path file, long at) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 0x40)).rewind();
            channel.write(one, at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where these bytes begin in a file.
    static long find(Path file, byte[] wanted) {
        try {
            byte[] all = Files.readAllBytes(file);
            for (int at = 0; at + wanted.length <= all.length; at++) {
                int same = 0;
                while (same < wanted.length && all[at + same] == wanted[same]) {
                    same++;
                }
                if (same == wanted.length) {
                    return at;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return -1;
    }

    static void removeFolder(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> in(String folder) {
        try (Stream<Path> files = Files.walk(volume.resolve(folder))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
