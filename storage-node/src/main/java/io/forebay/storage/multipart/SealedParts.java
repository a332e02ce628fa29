package io.forebay.storage.multipart;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.storage.crypto.OpenedRecord;
import io.forebay.storage.crypto.Sealing;
import io.forebay.storage.metadata.PartSpan;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Seal;
import io.forebay.storage.object.Completion;
import io.forebay.storage.object.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The parts of an upload that is encrypted: what is decided is decided by their content, what is stored is their
/// ciphertext.
final class SealedParts {
    private final Sealing sealing;
    private final Map<Integer, Entry> entries = new HashMap<>();

    private record Entry(Part stored, OpenedRecord opened) {}

    SealedParts(Sealing sealing) {
        this.sealing = sealing;
    }

    /// The parts as their readers see them. Those that were opened before are not opened again.
    List<Part> opened(List<Part> stored) {
        List<Part> opened = new ArrayList<>(stored.size());
        for (Part part : stored) {
            Entry entry = entry(part);
            entries.put(part.number(), entry);
            opened.add(part.withRecord(entry.opened.record()));
        }
        return opened;
    }

    private Entry entry(Part part) {
        Entry known = entries.get(part.number());
        Seal seal = part.record().seal();
        if (known != null && Objects.equals(known.stored.record().seal(), seal)) {
            return new Entry(part, known.opened);
        }
        return new Entry(part, sealing.open(part.record()));
    }

    /// The completion of the object that is stored, from that of what its readers see.
    Completion sealed(Completion content) {
        List<Part> stored = new ArrayList<>();
        List<OpenedRecord> pieces = new ArrayList<>();
        List<PartSpan> spans = new ArrayList<>();
        long size = 0;
        for (Part part : content.parts()) {
            Entry entry = entries.get(part.number());
            if (entry == null) {
                throw new IllegalStateException("part " + part.number() + " was not uploaded");
            }
            stored.add(entry.stored);
            pieces.add(entry.opened);
            long length = part.record().size();
            spans.add(new PartSpan(part.number(), size, length, remembered(part, content.partChecksum())));
            size += length;
        }
        RecordDraft seen = RecordDraft.ofContent(size, content.checksums(), content.compositeChecksum(), spans);
        return new Completion(
                stored, content.etag(), List.of(), null, ChecksumType.XXHASH64, sealing.join(pieces, seen));
    }

    private static @Nullable Checksum remembered(Part part, @Nullable ChecksumType type) {
        return type == null ? null : part.record().checksum(type);
    }
}
