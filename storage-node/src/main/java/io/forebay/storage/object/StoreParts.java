package io.forebay.storage.object;

/// The parts of an object store that depend on each other, made together.
record StoreParts(
        VolumeSet volumes,
        VolumeLifecycle lifecycle,
        Mover mover,
        Guards guards,
        ObjectChanges changes,
        Uploads uploads,
        Holdings holdings,
        Outbox outbox) {}
