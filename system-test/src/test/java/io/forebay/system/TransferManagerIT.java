package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.server.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.transfer.s3.S3TransferManager;

/// The transfer manager of the AWS SDK for Java, over each kind of client that it takes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TransferManagerIT {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeAll
    void startCluster(@TempDir Path data) {
        cluster = Cluster.start(data, 3);
    }

    @AfterAll
    void stopCluster() {
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC_NETTY", "ASYNC_CRT"})
    void filesAndFoldersGoThereAndBack(AwsClients.Kind kind) throws IOException {
        AwsClients clients = new AwsClients(cluster.url(), "any", "any-secret");
        String bucket =
                "transfer-" + kind.name().toLowerCase(java.util.Locale.ROOT).replace("_", "-");
        Path source = writeTree(folder.resolve(kind + "-source"));
        Path target = folder.resolve(kind + "-target");
        Path file = folder.resolve(kind + "-file");
        try (S3AsyncClient client = clients.async(kind, AwsClients.Style.PATH);
                S3TransferManager manager =
                        S3TransferManager.builder().s3Client(client).build()) {
            client.createBucket(r -> r.bucket(bucket)).join();
            manager.uploadFile(u -> u.source(source.resolve("large.bin"))
                            .putObjectRequest(p -> p.bucket(bucket).key("file")))
                    .completionFuture()
                    .join();
            manager.copy(c -> c.copyObjectRequest(r -> r.sourceBucket(bucket)
                            .sourceKey("file")
                            .destinationBucket(bucket)
                            .destinationKey("copy")))
                    .completionFuture()
                    .join();
            manager.downloadFile(d -> d.destination(file)
                            .getObjectRequest(g -> g.bucket(bucket).key("copy")))
                    .completionFuture()
                    .join();
            assertThat(file).hasSameBinaryContentAs(source.resolve("large.bin"));
            assertThat(manager.uploadDirectory(
                                    u -> u.source(source).bucket(bucket).s3Prefix("tree"))
                            .completionFuture()
                            .join()
                            .failedTransfers())
                    .isEmpty();
            assertThat(manager.downloadDirectory(d -> d.destination(target)
                                    .bucket(bucket)
                                    .listObjectsV2RequestTransformer(l -> l.prefix("tree/")))
                            .completionFuture()
                            .join()
                            .failedTransfers())
                    .isEmpty();
        }
        assertThat(contents(target)).isEqualTo(contents(source));
    }

    private static Path writeTree(Path tree) throws IOException {
        Files.createDirectories(tree.resolve("inner/deeper"));
        Files.write(tree.resolve("large.bin"), Content.of(23 * MIB + 5, 1));
        for (int index = 0; index < 20; index++) {
            Files.write(tree.resolve("inner/object " + index), Content.of(1000 * index, index));
        }
        Files.write(tree.resolve("inner/deeper/last"), Content.of(9 * MIB, 2));
        return tree;
    }

    private static Map<String, Integer> contents(Path tree) throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(tree.relativize(file).toString(), java.util.Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return found;
    }
}
