package io.forebay.transform.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Archives of Python's `tarfile` and `zipfile`, and of ours read by these, where there is a Python.
final class ForeignArchivesTest {
    private static final String WRITES = """
            import io, sys, tarfile, zipfile
            folder = sys.argv[1]
            members = {"plain.txt": b"hello", "empty": b"", "d/" + "long" * 60: b"x" * 1000, "gr\\u00f6\\u00dfe": b"y" * 513}
            kinds = {"gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT, "ustar": tarfile.USTAR_FORMAT}
            for mode, end in (("w", ".tar"), ("w:gz", ".tgz")):
                for kind, form in kinds.items():
                    with tarfile.open(f"{folder}/{kind}{end}", mode, format=form) as archive:
                        for name, data in members.items():
                            if kind == "ustar" and len(name) > 150:
                                continue
                            info = tarfile.TarInfo(name)
                            info.size = len(data)
                            archive.addfile(info, io.BytesIO(data))
                        folder_info = tarfile.TarInfo("folder")
                        folder_info.type = tarfile.DIRTYPE
                        archive.addfile(folder_info)
                        link = tarfile.TarInfo("link")
                        link.type, link.linkname = tarfile.SYMTYPE, "plain.txt"
                        archive.addfile(link)
            for kind, form in {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED}.items():
                with zipfile.ZipFile(f"{folder}/{kind}.zip", "w", form) as archive:
                    for name, data in members.items():
                        archive.writestr(name, data)
                    archive.comment = b"a comment"
            """;
    private static final String READS = """
            import sys, tarfile, zipfile, zlib
            for file in sys.argv[1:]:
                if file.endswith(".zip"):
                    with zipfile.ZipFile(file) as archive:
                        members = {name: archive.read(name) for name in archive.namelist()}
                else:
                    with tarfile.open(file) as archive:
                        members = {info.name: archive.extractfile(info).read() for info in archive.getmembers()}
                for name in sorted(members):
                    print(name.encode().hex(), zlib.crc32(members[name]))
            """;

    @TempDir
    private Path folder;

    private static String python(String program, String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 3];
        command[0] = "python3";
        command[1] = "-c";
        command[2] = program;
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "there is no python3 here");
            throw e;
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static void assertMember(
            ArchiveFormat format, byte[] archive, MemberIndex index, String name, String text) {
        Member member = Objects.requireNonNull(index.find(name), name);
        byte[] expected = text.getBytes(StandardCharsets.UTF_8);
        assertThat(ArchiveFixture.content(format, archive, member, 0, member.size()))
                .as(name)
                .isEqualTo(expected);
    }

    @Test
    void archivesOfPythonAreRead() throws IOException, InterruptedException {
        python(WRITES, folder.toString());
        for (String file : new String[] {
            "gnu.tar", "pax.tar", "ustar.tar", "gnu.tgz", "pax.tgz", "ustar.tgz", "stored.zip", "deflated.zip"
        }) {
            byte[] archive = Files.readAllBytes(folder.resolve(file));
            ArchiveFormat format = Objects.requireNonNull(ArchiveFormat.ofName(file));
            MemberIndex index = ArchiveFixture.index(format, archive);
            assertMember(format, archive, index, "plain.txt", "hello");
            assertMember(format, archive, index, "empty", "");
            assertMember(format, archive, index, "größe", "y".repeat(513));
            if (!file.startsWith("ustar")) {
                assertMember(format, archive, index, "d/" + "long".repeat(60), "x".repeat(1000));
            }
            assertThat(index.count()).as(file).isEqualTo(file.startsWith("ustar") ? 3 : 4);
        }
    }

    @Test
    void pythonReadsArchivesOfOurs() throws IOException, InterruptedException {
        Map<String, byte[]> members = ArchiveFixture.members(3, 60);
        String expected = members.entrySet().stream()
                .map(member -> HexFormat.of().formatHex(member.getKey().getBytes(StandardCharsets.UTF_8)) + " "
                        + crc(member.getValue()))
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
        for (ArchiveFormat format : new ArchiveFormat[] {ArchiveFormat.TAR, ArchiveFormat.TGZ, ArchiveFormat.ZIP}) {
            Path file = folder.resolve("ours." + format.name().toLowerCase(Locale.ROOT));
            Files.write(file, ArchiveFixture.archive(format, members));
            String[] found = python(READS, file.toString()).split("\n");
            Arrays.sort(found);
            assertThat(String.join("\n", found) + "\n").as(format.name()).isEqualTo(expected);
        }
    }

    private static long crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return crc.getValue();
    }
}
