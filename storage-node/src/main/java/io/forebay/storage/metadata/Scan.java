package io.forebay.storage.metadata;

/// A cursor over the objects of one bucket in UTF-8 byte order of their names: what a listing page is read from.
///
/// Sees the bucket as it was when the cursor was made. For one thread at a time; whoever made it closes it.
public interface Scan extends AutoCloseable {
    /// Moves to the next object. False at the end; the cursor then stands on none.
    boolean next();

    /// The name of the object on which the cursor stands.
    String name();

    /// The record of the object on which the cursor stands.
    ObjectRecord record();

    /// Makes the next call of `next` stop at the first name that is not less than this one; may move backwards.
    void seek(String name);

    /// Makes the next call of `next` stop at the first name that is greater than every name with this prefix:
    /// passes over a rolled-up group without reading it.
    void seekPast(String prefix);

    @Override
    void close();
}
