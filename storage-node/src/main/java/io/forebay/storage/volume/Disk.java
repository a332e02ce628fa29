package io.forebay.storage.volume;

import java.io.IOException;
import java.util.List;

/// The folder of one volume: every file that a volume has is reached through it, by a relative path with `/`.
///
/// The seam between what a volume does and what a disk does: fault injection and crash simulation wrap it. A file
/// or entry is on stable storage only after the sync that its method names.
public interface Disk extends AutoCloseable {

    /// What a file is opened for.
    enum Access {
        READ,
        WRITE
    }

    /// Makes a file, opened for writing. Throws FileAlreadyExistsException. Its entry is stable after `syncFolder`.
    DiskFile create(String path) throws IOException;

    /// Opens a file. Throws NoSuchFileException.
    DiskFile open(String path, Access access) throws IOException;

    boolean exists(String path);

    /// The names in a folder, without order; empty when there is no such folder.
    List<String> list(String folder) throws IOException;

    /// Makes a folder unless it is there. Its entry is stable after `syncFolder` of its parent.
    void createFolder(String path) throws IOException;

    /// Replaces whatever has the new name. Stable after `syncFolder`.
    void rename(String from, String to) throws IOException;

    /// Removes a file; who has it open goes on reading. False when there was none.
    boolean remove(String path) throws IOException;

    /// Brings the entries of a folder to stable storage; the empty path is the volume's own folder.
    void syncFolder(String path) throws IOException;

    /// Takes the volume for this process until the disk is closed. False when another one has it.
    boolean lock(String path) throws IOException;

    long totalBytes() throws IOException;

    /// What may still be written.
    long freeBytes() throws IOException;

    /// How messages name the volume's folder.
    @Override
    String toString();

    @Override
    void close() throws IOException;
}
