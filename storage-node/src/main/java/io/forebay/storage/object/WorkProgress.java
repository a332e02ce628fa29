package io.forebay.storage.object;

/// Is told how far a long piece of work on a volume has come.
@FunctionalInterface
public interface WorkProgress {
    /// For those who do not want to know.
    WorkProgress NONE = (phase, done, total) -> {};

    /// Called often, from the working thread.
    ///
    /// @param phase what is being done, such as `log`
    /// @param done bytes
    /// @param total bytes, as far as that is known
    void at(String phase, long done, long total);
}
