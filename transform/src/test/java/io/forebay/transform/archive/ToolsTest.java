package io.forebay.transform.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.transform.archive.Archives.File;
import io.forebay.transform.archive.model.ArchiveFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Archives between this module and the programs that people use, in both directions; a program that is not
/// there is passed over.
final class ToolsTest {
    /// Prints a line for each regular file of an archive: name, size and bytes, in hex.
    private static final String LIST = """
            import sys, tarfile, zipfile
            path, kind = sys.argv[1:]
            if kind == "zip":
                archive = zipfile.ZipFile(path)
                assert archive.testzip() is None
                files = [(e.filename, archive.read(e)) for e in archive.infolist() if not e.is_dir()]
            else:
                archive = tarfile.open(path, kind)
                files = [(e.name, archive.extractfile(e).read()) for e in archive if e.isreg()]
            for name, content in files:
                print(name.encode().hex(), content.hex() or "-")
            """;

    /// Writes random files of a seed as an archive, and prints them in the same way.
    private static final String WRITE = """
            import io, random, sys, tarfile, zipfile
            path, kind, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
            random.seed(seed)
            files = []
            for number in range(random.randrange(40)):
                letters = random.choice(["abc/", "a\\u00e9\\u6f22/", "xyz"])
                name = "n" + "".join(random.choice(letters) for _ in range(random.choice([5, 20, 90, 130, 300])))
                name = name.rstrip("/") + str(number)
                size = random.choice([0, 1, 511, 512, 513, 3000, 100000])
                files.append((name, random.randbytes(size) if random.random() < 0.5 else b"x" * size))
            if kind == "zip":
                with zipfile.ZipFile(path, "w") as archive:
                    archive.writestr("folder/", b"")
                    for name, content in files:
                        method = random.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
                        archive.writestr(name, content, compress_type=method)
            else:
                form = random.choice([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
                with tarfile.open(path, kind, format=form) as archive:
                    folder = tarfile.TarInfo("folder")
                    folder.type = tarfile.DIRTYPE
                    archive.addfile(folder)
                    for name, content in files:
                        entry = tarfile.TarInfo(name)
                        entry.size, entry.mtime = len(content), random.choice([0, 1700000000, 1700000000.25])
                        archive.addfile(entry, io.BytesIO(content))
            for name, content in files:
                print(name.encode().hex(), content.hex() or "-")
            """;

    @TempDir
    private Path folder;

    /// What a program prints; the test is passed over when the program is not there.
    private String run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(folder.resolve("errors").toFile())
                    .start();
            process.getOutputStream().close();
            try (InputStream out = process.getInputStream()) {
                String printed = new String(out.readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor())
                        .as("%s: %s", List.of(command), Files.readString(folder.resolve("errors")))
                        .isZero();
                return printed;
            }
        } catch (IOException e) {
            assumeTrue(false, command[0] + " is not there: " + e.getMessage());
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> lines(List<File> files) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (File file : files) {
            String content = HexFormat.of().formatHex(file.content());
            lines.put(
                    HexFormat.of().formatHex(file.name().getBytes(StandardCharsets.UTF_8)),
                    content.isEmpty() ? "-" : content);
        }
        return lines;
    }

    private static Map<String, String> lines(String printed) {
        Map<String, String> lines = new LinkedHashMap<>();
        printed.lines().map(line -> line.split(" ", 2)).forEach(line -> lines.put(line[0], line[1]));
        return lines;
    }

    private static List<File> distinct(List<File> files) {
        Map<String, File> distinct = new LinkedHashMap<>();
        files.forEach(file -> distinct.putIfAbsent(file.name(), file));
        return List.copyOf(distinct.values());
    }

    @ParameterizedTest
    @CsvSource({"TAR,r:", "TAR,r|", "TGZ,r:gz", "TGZ,r|gz", "TGZ,r|*", "ZIP,zip"})
    void whatWeWriteIsReadByPython(ArchiveFormat format, String kind) throws IOException {
        for (int seed = 0; seed < 4; seed++) {
            List<File> files = distinct(Archives.random(new Random(seed), 30));
            Files.write(folder.resolve("archive"), Archives.write(format, files));
            String printed = run("python3", "-c", LIST, "archive", kind);
            assertThat(lines(printed)).as("seed %s", seed).isEqualTo(lines(files));
        }
    }

    @ParameterizedTest
    @CsvSource({"TAR,w:", "TAR,w|", "TGZ,w:gz", "TGZ,w|gz", "ZIP,zip"})
    void whatPythonWritesIsReadByUs(ArchiveFormat format, String kind) throws IOException {
        for (int seed = 0; seed < 4; seed++) {
            String printed = run("python3", "-c", WRITE, "archive", kind, "" + seed);
            byte[] archive = Files.readAllBytes(folder.resolve("archive"));
            assertThat(lines(Archives.read(format, archive)))
                    .as("seed %s", seed)
                    .isEqualTo(lines(printed));
            assertThat(Archives.index(format, archive, new Random(seed), 3000)).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TAR", "TGZ"})
    void whatIsExtendedIsReadByPython(ArchiveFormat format) throws IOException {
        run("python3", "-c", WRITE, "archive", format == ArchiveFormat.TAR ? "w:" : "w:gz", "7");
        byte[] archive = Files.readAllBytes(folder.resolve("archive"));
        List<File> files = new ArrayList<>(Archives.read(format, archive));
        File added = new File("n".repeat(120) + "é", new byte[700]);
        files.add(added);
        Files.write(folder.resolve("archive"), ArchiveAppendTest.append(format, archive, added));
        assertThat(lines(run("python3", "-c", LIST, "archive", "r:*"))).isEqualTo(lines(files));
    }

    @Test
    void zipThatIsExtendedIsReadByPython() throws IOException {
        run("python3", "-c", WRITE, "archive", "zip", "7");
        byte[] archive = Files.readAllBytes(folder.resolve("archive"));
        List<File> files = new ArrayList<>(Archives.read(ArchiveFormat.ZIP, archive));
        File added = new File("n".repeat(120) + "é", new byte[700]);
        files.add(added);
        Files.write(folder.resolve("archive"), ArchiveAppendTest.append(ArchiveFormat.ZIP, archive, added));
        assertThat(lines(run("python3", "-c", LIST, "archive", "zip"))).isEqualTo(lines(files));
    }

    /// Files in a folder `in` that any file system can have, one of them with a hole.
    private List<File> onDisk() throws IOException {
        List<File> files = new ArrayList<>();
        Random random = new Random(5);
        for (int number = 0; number < 20; number++) {
            byte[] content = new byte[random.nextInt(5000)];
            random.nextBytes(content);
            files.add(new File("in/" + "d/".repeat(number % 4) + "ü".repeat(number * 5) + number, content));
        }
        files.add(new File("in/" + ("x".repeat(90) + "/").repeat(3) + "deep", new byte[10]));
        for (File file : files) {
            Path path = folder.resolve(file.name());
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            Files.write(path, file.content());
        }
        Files.createSymbolicLink(folder.resolve("in/link"), Path.of("d"));
        return files;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "posix", "oldgnu"})
    void whatGnuTarWritesIsReadByUs(String form) throws IOException {
        List<File> files = onDisk();
        run("tar", "--format=" + form, "-cf", "archive", "in");
        byte[] archive = Files.readAllBytes(folder.resolve("archive"));
        assertThat(new TreeMap<>(lines(Archives.read(ArchiveFormat.TAR, archive))))
                .isEqualTo(new TreeMap<>(lines(files)));
        File added = new File("in/added", new byte[3]);
        files.add(added);
        Files.write(folder.resolve("archive"), ArchiveAppendTest.append(ArchiveFormat.TAR, archive, added));
        assertThat(run("tar", "-tf", "archive").lines()).contains("in/added", "in/link");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "0.0", "0.1", "1.0"})
    void sparseFilesOfGnuTarAreReadWithTheirHoles(String form) throws IOException {
        byte[] content = new byte[3 << 20];
        new Random(3).nextBytes(content);
        Arrays.fill(content, 100_000, 1_500_000, (byte) 0);
        Arrays.fill(content, 2 << 20, 3 << 20, (byte) 0);
        try (FileChannel file =
                FileChannel.open(folder.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(content, 0, 100_000), 0);
            file.write(ByteBuffer.wrap(content, 1_500_000, (2 << 20) - 1_500_000), 1_500_000);
            file.write(ByteBuffer.allocate(1), content.length - 1);
        }
        String[] options = form.equals("gnu")
                ? new String[] {"--format=gnu"}
                : new String[] {"--format=posix", "--sparse-version=" + form};
        List<String> command = new ArrayList<>(List.of("tar", "--sparse", "--hole-detection=raw"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cf", "archive", "file"));
        run(command.toArray(String[]::new));
        byte[] archive = Files.readAllBytes(folder.resolve("archive"));
        assertThat(archive.length).isLessThan(2 << 20);
        File read = Archives.read(ArchiveFormat.TAR, archive).getFirst();
        assertThat(read.name()).isEqualTo("file");
        assertThat(Arrays.mismatch(read.content(), content)).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "TAR,tar -xf archive",
        "TGZ,tar -xzf archive",
        "ZIP,unzip -q archive",
        "ZIP,7z x archive",
        "ZIP,bsdtar -xf archive",
        "TAR,bsdtar -xf archive",
        "TGZ,bsdtar -xf archive",
        "TAR_LZ4,bsdtar -xf archive",
        "TAR,7z x archive"
    })
    void whatWeWriteIsUnpackedByOthers(ArchiveFormat format, String command) throws IOException {
        List<File> files = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            files.add(
                    new File("out/" + "d/".repeat(number % 4) + "é" + "n".repeat(7 * number), new byte[number * 700]));
        }
        Files.write(folder.resolve("archive"), Archives.write(format, files));
        run(command.split(" "));
        List<File> unpacked = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(folder.resolve("out"))) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                unpacked.add(new File(folder.relativize(path).toString(), Files.readAllBytes(path)));
            }
        }
        assertThat(new TreeMap<>(lines(unpacked))).isEqualTo(new TreeMap<>(lines(files)));
    }

    @ParameterizedTest
    @CsvSource({
        "ZIP,zip -qry archive.zip in",
        "ZIP,7z a -snl -tzip archive.zip in",
        "TAR,7z a -snl -ttar archive.tar in",
        "TAR,bsdtar -cf archive.tar in",
        "TAR,bsdtar --format=gnutar -cf archive.tar in",
        "TGZ,bsdtar -czf archive.tgz in",
        "ZIP,bsdtar --format=zip -cf archive.zip in",
        "TAR_LZ4,bsdtar --lz4 -cf archive.tar.lz4 in"
    })
    void whatOthersPackIsReadByUs(ArchiveFormat format, String command) throws IOException {
        List<File> files = onDisk();
        run(command.split(" "));
        byte[] archive = Files.readAllBytes(folder.resolve("archive" + format.extension()));
        assertThat(new TreeMap<>(lines(Archives.read(format, archive)))).isEqualTo(new TreeMap<>(lines(files)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-B4", "-B5 -BD", "-B7 -BX --no-frame-crc", "-9 --content-size"})
    void whatLz4WritesIsReadByUs(String options) throws IOException {
        List<File> files = distinct(Archives.random(new Random(9), 40));
        Files.write(folder.resolve("archive.tar"), Archives.write(ArchiveFormat.TAR, files));
        run(("lz4 -q -f " + options + " archive.tar archive.tar.lz4").split(" "));
        byte[] archive = Files.readAllBytes(folder.resolve("archive.tar.lz4"));
        assertThat(Archives.read(ArchiveFormat.TAR_LZ4, archive)).isEqualTo(files);
        assertThat(Archives.index(ArchiveFormat.TAR_LZ4, archive, new Random(1), 7000))
                .isNotNull();
    }

    @Test
    void whatWeWriteIsUnpackedByLz4() throws IOException {
        byte[] content = new byte[1_000_000];
        new Random(3).nextBytes(content);
        byte[] tar =
                Archives.write(ArchiveFormat.TAR, List.of(new File("a", content), new File("b", new byte[1_000_000])));
        Files.write(folder.resolve("archive.tar.lz4"), Archives.pack(ArchiveFormat.TAR_LZ4, tar));
        run("lz4", "-q", "-d", "archive.tar.lz4", "archive.tar");
        assertThat(Files.readAllBytes(folder.resolve("archive.tar"))).isEqualTo(tar);
    }
}
