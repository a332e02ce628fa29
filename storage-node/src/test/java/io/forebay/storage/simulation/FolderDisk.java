package io.forebay.storage.simulation;

import io.forebay.storage.volume.Disk;
import io.forebay.storage.volume.DiskFile;
import java.io.IOException;
import java.util.List;

/// A folder of a simulated disk as the disk of a volume: several volumes have one moment at which the power goes.
final class FolderDisk implements Disk {
    private final SimulatedDisk disk;
    private final String folder;

    FolderDisk(SimulatedDisk disk, String folder) {
        this.disk = disk;
        this.folder = folder;
    }

    private String inside(String path) {
        return path.isEmpty() ? folder : folder + "/" + path;
    }

    @Override
    public DiskFile create(String path) throws IOException {
        return disk.create(inside(path));
    }

    @Override
    public DiskFile open(String path, Access access) throws IOException {
        return disk.open(inside(path), access);
    }

    @Override
    public boolean exists(String path) {
        return disk.exists(inside(path));
    }

    @Override
    public List<String> list(String path) {
        return disk.list(inside(path));
    }

    @Override
    public void createFolder(String path) {
        disk.createFolder(inside(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(inside(from), inside(to));
    }

    @Override
    public boolean remove(String path) {
        return disk.remove(inside(path));
    }

    @Override
    public void syncFolder(String path) throws IOException {
        disk.syncFolder(inside(path));
    }

    @Override
    public boolean lock(String path) {
        return true;
    }

    @Override
    public long totalBytes() {
        return disk.totalBytes();
    }

    @Override
    public long freeBytes() {
        return disk.freeBytes();
    }

    @Override
    public String toString() {
        return folder;
    }

    @Override
    public void close() {}
}
