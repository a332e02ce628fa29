package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
    @TempDir
    private Path temporary;

    @Test
    void absentFolderIsMadeAndOpensAgain() {
        Path path = temporary.resolve("a/b");
        DataFolder.open(path).close();
        DataFolder.open(path).close();
        assertThat(path.resolve("format")).hasContent("forebay data format 1\n");
    }

    @Test
    void openFolderIsInUse() {
        try (DataFolder folder = DataFolder.open(temporary.resolve("data"))) {
            assertThatThrownBy(() -> DataFolder.open(folder.path()))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.IN_USE))
                    .hasMessage("data folder " + folder.path() + " is in use by process "
                            + ProcessHandle.current().pid());
        }
    }

    @Test
    void folderOfOtherThingsIsRefused() throws IOException {
        Files.writeString(temporary.resolve("thesis.txt"), "text");
        assertThatThrownBy(() -> DataFolder.open(temporary))
                .hasMessage("data folder " + temporary + " is not empty and holds no Forebay data");
        assertThat(temporary.resolve("format")).doesNotExist();
    }

    @Test
    void newerFormatIsRefused() throws IOException {
        Files.writeString(temporary.resolve("format"), "forebay data format 2\n");
        assertThatThrownBy(() -> DataFolder.open(temporary))
                .hasMessage(
                        "data folder " + temporary + " has data format 2 of a newer Forebay: this one reads format 1");
    }

    @Test
    void foreignFormatIsRefused() throws IOException {
        Files.writeString(temporary.resolve("format"), "something else\n");
        assertThatThrownBy(() -> DataFolder.open(temporary))
                .hasMessage("data folder " + temporary + " is not Forebay's: see its file format");
    }

    @Test
    void fileInsteadOfFolderIsRefused() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "");
        assertThatThrownBy(() -> DataFolder.open(file))
                .hasMessage("cannot use data folder " + file + ": it is not a folder");
    }

    @Test
    void privateFilesAreReadableByTheirOwnerOnly() throws IOException {
        try (DataFolder folder = DataFolder.open(temporary)) {
            folder.writePrivately("secret", "one");
            folder.writePrivately("secret", "two");
            assertThat(folder.read("secret")).isEqualTo("two");
            assertThat(folder.read("absent")).isNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.file("secret"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void identitiesStayTheSame() {
        try (DataFolder folder = DataFolder.open(temporary)) {
            Identities first = new Identities(folder);
            assertThat(first.storageNodes(3)).isEqualTo(3);
            NodeId id = first.id("storage-node-2");
            assertThat(id.value()).matches("[A-Za-z]{8}");
            assertThat(first.port("storage-node-2")).isZero();
            first.rememberPort("storage-node-2", 4711);

            Identities second = new Identities(folder);
            assertThat(second.storageNodes(null)).isEqualTo(3);
            assertThat(second.id("storage-node-2")).isEqualTo(id);
            assertThat(second.id("storage-node-1")).isNotEqualTo(id);
            assertThat(second.port("storage-node-2")).isEqualTo(4711);
        }
    }

    @Test
    void numberOfStorageNodesIsKept() {
        try (DataFolder folder = DataFolder.open(temporary)) {
            assertThat(new Identities(folder).storageNodes(null)).isEqualTo(1);
            assertThatThrownBy(() -> new Identities(folder).storageNodes(2))
                    .hasMessage("data folder " + folder.path()
                            + " was made with --storage-nodes 1, not 2: it keeps its number of storage nodes");
        }
    }

    @Test
    void rootKeysAreMadeOnceAndKept() {
        try (DataFolder folder = DataFolder.open(temporary)) {
            RootKeys made = RootKeys.of(GivenKeys.NONE, folder);
            assertThat(made.made()).isTrue();
            assertThat(made.accessKey()).matches("[A-Z2-7]{20}");
            assertThat(made.secretKey().value()).matches("[A-Za-z0-9]{40}");
            RootKeys kept = RootKeys.of(GivenKeys.NONE, folder);
            assertThat(kept).isEqualTo(new RootKeys(made.accessKey(), made.secretKey(), false));
            assertThat(made.toString()).doesNotContain(made.secretKey().value());
        }
    }

    @Test
    void givenRootKeysWinAndAreNotKept() {
        try (DataFolder folder = DataFolder.open(temporary)) {
            RootKeys given = RootKeys.of(new GivenKeys("root", "long-enough"), folder);
            assertThat(given.accessKey()).isEqualTo("root");
            assertThat(folder.read("root-keys.properties")).isNull();
        }
    }

    @Test
    void unusableRootKeysAreRefused() {
        try (DataFolder folder = DataFolder.open(temporary)) {
            assertThatThrownBy(() -> RootKeys.of(new GivenKeys("root", null), folder))
                    .hasMessage("set both FOREBAY_ROOT_ACCESS_KEY and FOREBAY_ROOT_SECRET_KEY, or neither");
            assertThatThrownBy(() -> RootKeys.of(new GivenKeys("root", "short"), folder))
                    .hasMessage("FOREBAY_ROOT_SECRET_KEY has 8 to 128 characters of ASCII, without spaces");
            assertThatThrownBy(() -> RootKeys.of(new GivenKeys("has space", "long-enough"), folder))
                    .hasMessage("FOREBAY_ROOT_ACCESS_KEY has 3 to 128 letters, digits, '.', '_' or '-'");
        }
    }
}
