package io.forebay.cluster.process;

import java.util.List;

/// The files of a process's log.
public interface LogFolder {
    /// Without any file.
    static LogFolder none() {
        return new LogFolder() {
            @Override
            public List<LogFile> open() {
                return List.of();
            }

            @Override
            public void rotate() {
                // There is nothing to move aside.
            }
        };
    }

    /// Opens all of them, the one that is written to first and then the older ones, newest first. Throws
    /// VOLUME_FAILED.
    List<LogFile> open();

    /// Moves the current file aside and begins the next one; an empty one stays. Throws VOLUME_FAILED.
    void rotate();
}
