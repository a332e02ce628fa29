package io.forebay.storage.volume;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.UUID;

/// Who a volume is: a small properties file, written once when the volume is made.
///
/// @param format of everything on the volume
/// @param id of the volume, in its segments' headers too
/// @param owner whom it belongs to
record VolumeIdentity(int format, UUID id, VolumeOwner owner) {
    static final int FORMAT = 4;

    /// What this version still reads.
    private static final int OLDEST_FORMAT = 1;

    private static final String FILE = "volume.properties";
    private static final String NEW_FILE = "volume.properties.new";
    private static final String LOCK_FILE = "volume.lock";
    private static final int MAX_BYTES = 4096;

    /// Takes the volume on this disk for this process, and makes its identity when the folder is empty. Throws
    /// IN_USE, and INVALID_ARGUMENT for a folder that is not a volume of this owner in this format.
    static VolumeIdentity claim(Disk disk, VolumeOwner owner) throws IOException {
        if (!disk.lock(LOCK_FILE)) {
            throw new StoreException(ErrorCode.IN_USE, "volume " + disk + " is in use by another process");
        }
        if (!disk.exists(FILE)) {
            return create(disk, owner);
        }
        VolumeIdentity identity = read(disk);
        Check.argument(
                identity.owner.clusterId().equals(owner.clusterId()),
                "volume %s belongs to another cluster (%s, this is %s)",
                disk,
                identity.owner.clusterId(),
                owner.clusterId());
        Check.argument(
                identity.owner.node().equals(owner.node()),
                "volume %s belongs to another node (%s, this is %s)",
                disk,
                identity.owner.node(),
                owner.node());
        return identity.format == FORMAT ? identity : identity.upgraded(disk);
    }

    /// Takes the volume on this disk for this process, whoever owns it. Throws IN_USE, and INVALID_ARGUMENT
    /// for a folder that is not a volume of this format.
    static VolumeIdentity inspect(Disk disk) throws IOException {
        Check.argument(disk.exists(FILE), "folder %s is not a volume: it has no %s", disk, FILE);
        if (!disk.lock(LOCK_FILE)) {
            throw new StoreException(ErrorCode.IN_USE, "volume " + disk + " is in use by another process");
        }
        return read(disk);
    }

    private static VolumeIdentity create(Disk disk, VolumeOwner owner) throws IOException {
        List<String> strange = disk.list("").stream()
                .filter(name -> !name.equals(LOCK_FILE) && !name.equals(NEW_FILE))
                .toList();
        Check.argument(
                strange.isEmpty(),
                "folder %s is neither empty nor a volume: it has %s but no %s",
                disk,
                strange.isEmpty() ? "" : strange.getFirst(),
                FILE);
        VolumeIdentity identity = new VolumeIdentity(FORMAT, UUID.randomUUID(), owner);
        identity.write(disk);
        return identity;
    }

    /// Says that what comes from now on has the newest format, which an older program does not know. What is
    /// there stays as it is, since every record says its own format.
    private VolumeIdentity upgraded(Disk disk) throws IOException {
        VolumeIdentity identity = new VolumeIdentity(FORMAT, id, owner);
        identity.write(disk);
        return identity;
    }

    private void write(Disk disk) throws IOException {
        disk.remove(NEW_FILE);
        try (DiskFile file = disk.create(NEW_FILE)) {
            file.write(0, new ByteBuffer[] {StandardCharsets.UTF_8.encode(text())});
            file.sync();
        }
        disk.rename(NEW_FILE, FILE);
        disk.syncFolder("");
    }

    private static VolumeIdentity read(Disk disk) throws IOException {
        Properties properties = new Properties();
        try (DiskFile file = disk.open(FILE, Disk.Access.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MAX_BYTES, file.size()));
            file.read(0, bytes);
            properties.load(
                    new StringReader(StandardCharsets.UTF_8.decode(bytes.flip()).toString()));
        }
        try {
            int format = Integer.parseInt(required(properties, "format"));
            Check.argument(
                    format <= FORMAT,
                    "volume %s has format %s, which is newer than this Forebay knows (%s)",
                    disk,
                    format,
                    FORMAT);
            Check.argument(
                    format >= OLDEST_FORMAT,
                    "volume %s has format %s, which is too old for this Forebay (%s)",
                    disk,
                    format,
                    OLDEST_FORMAT);
            return new VolumeIdentity(
                    format,
                    UUID.fromString(required(properties, "volume")),
                    new VolumeOwner(required(properties, "cluster"), new NodeId(required(properties, "node"))));
        } catch (IllegalArgumentException e) {
            throw new StoreException(
                    ErrorCode.CORRUPT, "identity of volume " + disk + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String required(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException(FILE + " has no " + key);
        }
        return value;
    }

    private String text() {
        return "# A Forebay volume. Do not change.\nformat=" + format + "\nvolume=" + id + "\ncluster="
                + owner.clusterId() + "\nnode=" + owner.node() + "\n";
    }
}
