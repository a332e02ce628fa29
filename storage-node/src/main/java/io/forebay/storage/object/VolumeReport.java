package io.forebay.storage.object;

import io.forebay.common.error.StoreException;
import io.forebay.storage.volume.SpaceGuard;

/// Makes the status of a volume.
final class VolumeReport {
    private VolumeReport() {}

    static VolumeStatus of(Member member, Mover mover) {
        VolumeStore store = member.store();
        if (store == null) {
            return new VolumeStatus(
                    member.id(), member.path(), member.state(), member.reason(), 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }
        SpaceGuard space = store.volume().space();
        Mover.Left left = mover.left(store);
        StoreException failure = store.failure();
        return new VolumeStatus(
                member.id(),
                member.path(),
                failure == null ? member.state() : VolumeStatus.State.FAILED,
                failure == null ? member.reason() : failure.text(),
                space.knownTotalBytes(),
                space.knownFreeBytes(),
                space.knownReserveBytes(),
                store.usedBytes(),
                store.liveBytes(),
                store.objectCount(),
                left.objects(),
                left.bytes(),
                store.disk().readErrors() + store.disk().writeErrors());
    }
}
