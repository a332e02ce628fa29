package io.forebay.storage.info;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskLoadTest {
    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void loadIsThatBetweenTwoLooks() throws IOException {
        Path counts = folder.resolve("diskstats");
        Files.writeString(counts, line(8, 0, "sda", 10, 100, 20, 200, 1000) + line(8, 1, "sda1", 0, 0, 0, 0, 0));
        DiskLoad disks = new DiskLoad(counts, nanos::get);
        assertThat(disks.json(List.of("sda")))
                .isEqualTo(Map.of("sda", Map.of("RBps", 0L, "Ravg", 0L, "WBps", 0L, "Wavg", 0L, "Util", 0L)));
        Files.writeString(counts, line(8, 0, "sda", 14, 180, 22, 204, 2000) + line(8, 1, "sda1", 1, 8, 0, 0, 9999));
        nanos.set(2_000_000_000L);
        assertThat(disks.json(List.of("sda", "none", "")))
                .isEqualTo(Map.of(
                        "sda", Map.of("RBps", 20_480L, "Ravg", 10_240L, "WBps", 1_024L, "Wavg", 1_024L, "Util", 50L)));
        assertThat(disks.json(List.of("sda1")).get("sda1"))
                .asString()
                .contains("Util=100")
                .contains("Wavg=0");
    }

    @Test
    void aLookWithinTheSameSecondTellsTheSame() throws IOException {
        Path counts = folder.resolve("diskstats");
        Files.writeString(counts, line(8, 0, "sda", 0, 0, 0, 0, 0));
        DiskLoad disks = new DiskLoad(counts, nanos::get);
        Files.writeString(counts, line(8, 0, "sda", 1, 8, 0, 0, 0));
        nanos.set(1_000_000_000L);
        Map<String, Object> first = disks.json(List.of("sda"));
        Files.writeString(counts, line(8, 0, "sda", 9, 999, 0, 0, 0));
        nanos.set(1_999_999_999L);
        assertThat(disks.json(List.of("sda"))).isEqualTo(first);
    }

    @Test
    void whereNothingIsCountedThereAreNoDisks() throws IOException {
        DiskLoad absent = new DiskLoad(folder.resolve("absent"), nanos::get);
        nanos.set(2_000_000_000L);
        assertThat(absent.json(List.of("sda"))).isEmpty();
        assertThat(absent.diskOf(folder)).isEmpty();
        assertThat(absent.diskOf(folder.resolve("nothing"))).isEmpty();
        Files.writeString(folder.resolve("strange"), "8 0 sda x y z\n8 1 sdb a b c d e f g h i j k\n");
        assertThat(new DiskLoad(folder.resolve("strange"), nanos::get).diskOf(folder))
                .isEmpty();
    }

    @Test
    void theDiskOfAFolderIsThatOfItsFileSystem() throws IOException {
        if (!(Files.getAttribute(folder, "unix:dev") instanceof Long device)) {
            return;
        }
        long major = (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
        long minor = (device & 0xff) | (device >>> 12 & ~0xffL);
        Path counts = folder.resolve("diskstats");
        Files.writeString(counts, line(9999, 1, "other", 0, 0, 0, 0, 0) + line(major, minor, "mine", 0, 0, 0, 0, 0));
        assertThat(new DiskLoad(counts, nanos::get).diskOf(folder)).isEqualTo("mine");
    }

    private static String line(
            long major, long minor, String name, long reads, long read, long writes, long written, long busy) {
        return "   " + major + "       " + minor + " " + name + " " + reads + " 1 " + read + " 5 " + writes + " 1 "
                + written + " 5 0 " + busy + " 7 0 0 0 0 0 0\n";
    }
}
