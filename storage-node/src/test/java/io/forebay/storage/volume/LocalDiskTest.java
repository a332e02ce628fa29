package io.forebay.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalDiskTest {

    @TempDir
    Path folder;

    /// The channel is opened when it is first asked for, which may be after the file lost its name.
    @Test
    void readersKeepAFileThatIsRemovedAndReplaced() throws IOException {
        try (LocalDisk disk = new LocalDisk(folder)) {
            write(disk, "a", 1);
            try (DiskFile file = disk.open("a", Disk.Access.READ)) {
                assertThat(disk.remove("a")).isTrue();
                write(disk, "a", 2);
                assertThat(file.size()).isEqualTo(1);
                ByteBuffer now = ByteBuffer.allocateDirect(1);
                assertThat(file.readNow(0, now)).isTrue();
                assertThat(now.get(0)).isEqualTo((byte) 1);
                ByteBuffer read = ByteBuffer.allocateDirect(1);
                file.read(0, read);
                assertThat(read.get(0)).isEqualTo((byte) 1);
                assertThat(file.channel().size()).isEqualTo(1);
            }
        }
    }

    @Test
    void filesOpenForReadersCannotBeWritten() throws IOException {
        try (LocalDisk disk = new LocalDisk(folder)) {
            write(disk, "a", 1);
            try (DiskFile file = disk.open("a", Disk.Access.READ)) {
                ByteBuffer[] bytes = {ByteBuffer.allocateDirect(1)};
                assertThatThrownBy(() -> file.write(0, bytes)).isInstanceOf(NonWritableChannelException.class);
                assertThatThrownBy(() -> file.channel().write(bytes[0]))
                        .isInstanceOf(NonWritableChannelException.class);
            }
            assertThatThrownBy(() -> disk.open("b", Disk.Access.READ)).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void descriptorsAreCountedWhileTheyAreOpen() throws IOException {
        try (LocalDisk disk = new LocalDisk(folder)) {
            int before = Descriptors.taken();
            DiskFile written = disk.create("a");
            assertThat(Descriptors.taken()).isEqualTo(before + 1);
            written.close();
            written.close();
            assertThat(Descriptors.taken()).isEqualTo(before);
            DiskFile file = disk.open("a", Disk.Access.READ);
            assertThat(Descriptors.taken()).isEqualTo(before + 1);
            int withChannel = file.channel().isOpen() ? Descriptors.taken() : 0;
            assertThat(withChannel).isBetween(before + 1, before + 2);
            file.close();
            file.close();
            assertThat(Descriptors.taken()).isEqualTo(before);
            assertThat(Descriptors.limit()).isGreaterThan(before);
        }
    }

    private static void write(LocalDisk disk, String path, int value) throws IOException {
        try (DiskFile file = disk.create(path)) {
            file.write(0, new ByteBuffer[] {ByteBuffer.wrap(new byte[] {(byte) value})});
        }
    }
}
