package io.forebay.storage.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.volume.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// A node whose volumes come and go: added, drained, disabled and removed by an operator, failing, and missing
/// at a start. Everything is in one folder.
final class ShakyNode implements AutoCloseable {
    private static final int MAX_VOLUMES = 4;
    private static final String AWAY = ".away";

    private final Path root;
    private final Random random;
    private final StoreOpening.Background background;
    private final Map<String, FaultyDisk> disks = new HashMap<>();
    private final Set<String> failing = new TreeSet<>();
    /// The folders of volumes that were removed with what they had.
    private final List<String> lost = new ArrayList<>();
    private VolumesFixture node;
    private int made = 2;

    ShakyNode(Path root, Random random, StoreOpening.Background background) throws IOException {
        this.root = root;
        this.random = random;
        this.background = background;
        this.node = fixture(background);
        Files.createDirectories(root);
        if (!Files.exists(root.resolve("volumes.properties"))) {
            identify(path("v1"));
            identify(path("v2"));
        }
        node.open();
    }

    private VolumesFixture fixture(StoreOpening.Background how) {
        return new VolumesFixture(
                root.resolve("volumes.properties"), List.of(path("v1"), path("v2")), how, this::place);
    }

    /// A new volume with an id that the seed makes, since where objects go depends on it.
    private void identify(String path) throws IOException {
        Files.createDirectories(Path.of(path));
        Files.writeString(
                Path.of(path).resolve("volume.properties"),
                "format=2\nvolume=" + new UUID(random.nextLong(), random.nextLong()) + "\ncluster="
                        + StoreFixture.OWNER.clusterId() + "\nnode=" + StoreFixture.OWNER.node() + "\n");
    }

    private String path(String name) {
        return root.resolve(name).toAbsolutePath().normalize().toString();
    }

    private VolumeStore.Place place(Path folder) {
        VolumeStore.Place sound = VolumeStore.Place.of(folder);
        FaultyDisk disk = new FaultyDisk(sound.disk());
        disks.put(folder.toString(), disk);
        return new VolumeStore.Place(disk, sound.index());
    }

    VolumesFixture node() {
        return node;
    }

    Path root() {
        return root;
    }

    ObjectStore store() {
        return node.store();
    }

    /// Whether every volume serves and works, and one takes writes.
    boolean isWell() {
        boolean writes = node.statuses().stream().anyMatch(status -> status.state() == VolumeStatus.State.ENABLED);
        return writes && failing.isEmpty() && out().isEmpty();
    }

    /// Whether a volume cannot be reached at all.
    boolean lacksVolume() {
        return !store().volumes().current().absent().isEmpty();
    }

    /// Whether a disk fails without having been noticed for certain.
    boolean isFailing() {
        return !failing.isEmpty();
    }

    /// The volumes that do not serve as they should.
    List<VolumeStatus> out() {
        return node.statuses().stream()
                .filter(status ->
                        status.state() != VolumeStatus.State.ENABLED && status.state() != VolumeStatus.State.DRAINING)
                .toList();
    }

    /// Whether a volume that serves has that key.
    boolean serves(byte[] key) {
        return store().volumes().all().stream()
                .anyMatch(volume -> volume.index().find(Family.CURRENT, key) != null);
    }

    void restart() throws IOException {
        close();
        failing.clear();
        node.open();
    }

    /// From now on without background threads.
    void calm() throws IOException {
        close();
        failing.clear();
        node = fixture(StoreOpening.Background.CALLER);
        node.open();
    }

    /// Does something with the volumes and says what. What is refused is refused with words.
    String shake() throws IOException {
        VolumeStatus one = any(node.statuses());
        String what = "bring back";
        try {
            switch (random.nextInt(12)) {
                case 0 -> {
                    what = "add";
                    if (node.statuses().size() < MAX_VOLUMES) {
                        what += " " + add();
                    }
                }
                case 1, 2 -> {
                    what = "drain " + name(one);
                    store().changeVolume(one.id(), VolumeChange.DRAIN);
                }
                case 3 -> {
                    what = "disable " + name(one);
                    store().changeVolume(one.id(), VolumeChange.DISABLE);
                }
                case 4 -> {
                    what = "remove " + name(one);
                    if (one.state() == VolumeStatus.State.DRAINING) {
                        settle();
                    }
                    store().changeVolume(one.id(), VolumeChange.REMOVE);
                    failing.remove(one.path());
                }
                case 5 -> {
                    what = "rescan " + name(one);
                    store().changeVolume(one.id(), VolumeChange.RESCAN);
                }
                case 6 -> what = "miss " + miss();
                case 7 -> what = "fail " + fail();
                case 8 -> {
                    what = "watch";
                    if (background == StoreOpening.Background.CALLER) {
                        store().checkHealth();
                    }
                    failing.removeIf(path -> !isStillOpen(node.status(path)));
                }
                default -> what += " " + bringBack();
            }
        } catch (StoreException e) {
            assertThat(e.code()).as(what + ": " + e.text()).isIn(ErrorCode.IN_USE, ErrorCode.VOLUME_FAILED);
            what += ", refused";
        }
        return what;
    }

    /// A new volume, or one that was lost and has nothing any more but its id.
    private String add() throws IOException {
        String again = lost.isEmpty() || random.nextBoolean() ? "" : lost.removeLast();
        Path identity = Path.of(again).resolve("volume.properties");
        if (again.isEmpty() || !Files.exists(identity)) {
            String added = path("v" + ++made);
            identify(added);
            store().addVolume(added);
            return String.valueOf(Path.of(added).getFileName());
        }
        byte[] kept = Files.readAllBytes(identity);
        LiveTree.delete(Path.of(again));
        Files.createDirectories(Path.of(again));
        Files.write(identity, kept);
        store().addVolume(again);
        return Path.of(again).getFileName() + " again";
    }

    /// Objects go where they belong, if they can.
    void settle() {
        if (background == StoreOpening.Background.CALLER) {
            store().settle();
        }
    }

    /// Takes a volume that is out of service away with what it has. The name of it, or nothing.
    String lose() {
        List<VolumeStatus> out = out();
        if (out.isEmpty() || node.statuses().size() < 2 || isFailing()) {
            return "";
        }
        VolumeStatus one = any(out);
        if (isStillOpen(one)) {
            return "";
        }
        try {
            store().changeVolume(one.id(), VolumeChange.REMOVE_WITH_OBJECTS);
        } catch (StoreException e) {
            // What it knows of others cannot be read.
            assertThat(e.code()).as(e.text()).isEqualTo(ErrorCode.IN_USE);
            assertThat(out).as(e.text()).hasSizeGreaterThan(1);
            return "";
        }
        lost.add(one.path());
        return name(one);
    }

    /// A stop and a start without one of the folders.
    private String miss() throws IOException {
        List<VolumeStatus> there = new ArrayList<>(node.statuses());
        there.removeAll(out());
        if (there.size() < 2) {
            return "nothing";
        }
        VolumeStatus missing = any(there);
        close();
        failing.clear();
        Path folder = Path.of(missing.path());
        Files.move(folder, away(folder));
        node.open();
        assertThat(node.status(missing.path()).state()).isEqualTo(VolumeStatus.State.FAILED);
        return name(missing);
    }

    private String fail() {
        VolumeStatus one = any(node.statuses());
        FaultyDisk disk = disks.get(one.path());
        if (disk == null || !failing.isEmpty() || out().contains(one)) {
            return "nothing";
        }
        failing.add(one.path());
        boolean reads = random.nextBoolean();
        int after = random.nextInt(4);
        int[] seen = {0};
        disk.fail("Input/output error", (operation, path) -> {
            boolean hit = reads || !Set.of("read", "open", "list").contains(operation);
            return hit && seen[0]++ >= after;
        });
        return name(one) + (reads ? " in everything" : " in writes");
    }

    /// Tries to bring a volume back that is out of service, with its disk mended and its folder there.
    private String bringBack() throws IOException {
        List<VolumeStatus> out = out();
        if (out.isEmpty()) {
            VolumeStatus draining = any(node.statuses());
            store().changeVolume(draining.id(), VolumeChange.ENABLE);
            return name(draining);
        }
        VolumeStatus one = any(out);
        mend(one);
        if (isStillOpen(one)) {
            restart();
        } else {
            store().changeVolume(one.id(), VolumeChange.ENABLE);
        }
        return name(one);
    }

    /// The last volume that serves is read though it has failed; it comes back with the next start.
    private boolean isStillOpen(VolumeStatus status) {
        Member member = store().volumes().current().find(status.id());
        return member != null && member.store() != null;
    }

    private void mend(VolumeStatus status) throws IOException {
        Path folder = Path.of(status.path());
        if (Files.exists(away(folder))) {
            LiveTree.delete(folder);
            Files.move(away(folder), folder);
        }
        FaultyDisk disk = disks.get(status.path());
        if (disk != null) {
            disk.heal();
        }
        failing.remove(status.path());
    }

    /// Mends everything and brings every volume back; one takes writes then.
    void mendAll() throws IOException {
        for (VolumeStatus status : node.statuses()) {
            mend(status);
        }
        restart();
        for (int round = 0; round <= MAX_VOLUMES && !out().isEmpty(); round++) {
            for (VolumeStatus status : out()) {
                try {
                    store().changeVolume(status.id(), VolumeChange.ENABLE);
                } catch (StoreException e) {
                    assertThat(e.code()).as(e.text()).isEqualTo(ErrorCode.IN_USE);
                }
            }
        }
        assertThat(out()).isEmpty();
        if (!isWell()) {
            // The last volume that took writes was lost while all others were drained.
            store().changeVolume(any(node.statuses()).id(), VolumeChange.ENABLE);
        }
    }

    private static Path away(Path folder) {
        return folder.resolveSibling(Objects.requireNonNull(folder.getFileName()) + AWAY);
    }

    private static String name(VolumeStatus status) {
        return String.valueOf(Path.of(status.path()).getFileName());
    }

    private VolumeStatus any(List<VolumeStatus> statuses) {
        return statuses.get(random.nextInt(statuses.size()));
    }

    @Override
    public String toString() {
        return node.statuses() + ", failing " + failing;
    }

    /// A disk that fails may fail the close as well.
    @Override
    public void close() {
        boolean mayFail = isFailing() || !out().isEmpty();
        try {
            node.close();
        } catch (StoreException e) {
            assertThat(mayFail).as(e.text()).isTrue();
        } finally {
            disks.values().forEach(FaultyDisk::heal);
        }
    }
}
