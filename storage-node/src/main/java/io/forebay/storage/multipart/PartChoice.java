package io.forebay.storage.multipart;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Checksum;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.multipart.CompletionRequest.NamedPart;
import io.forebay.storage.object.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Chooses among an upload's parts those that a client names, holding it to the protocol's rules.
final class PartChoice {
    private final CompletionRequest request;
    private final Map<Integer, Part> uploaded = new HashMap<>();

    PartChoice(CompletionRequest request, List<Part> uploaded) {
        this.request = request;
        for (Part part : uploaded) {
            this.uploaded.put(part.number(), part);
        }
    }

    /// The chosen parts in the order of the object. Throws INVALID_ARGUMENT, UNSUPPORTED, INVALID_PART,
    /// INVALID_PART_ORDER or PART_TOO_SMALL.
    List<Part> choose() {
        return switch (request.rule()) {
            case EXACTLY_ALL -> chooseAll();
            case ASCENDING_CHOICE -> chooseAscending();
        };
    }

    private List<Part> chooseAll() {
        Check.argument(!uploaded.isEmpty(), "upload has no chunks: nothing to complete");
        List<NamedPart> named = new ArrayList<>(request.parts());
        named.sort(Comparator.comparingInt(NamedPart::number));
        if (named.size() != uploaded.size()) {
            throw new StoreException(
                    ErrorCode.UNSUPPORTED,
                    "partial completion is not allowed: requested " + named.size() + " parts, have " + uploaded.size());
        }
        List<Part> chosen = new ArrayList<>(named.size());
        for (int index = 0; index < named.size(); index++) {
            int number = named.get(index).number();
            Check.argument(
                    number == index + 1,
                    "parts must be exactly 1..%s: got %s at position %s",
                    named.size(),
                    number,
                    index);
            chosen.add(matching(named.get(index)));
        }
        return chosen;
    }

    private List<Part> chooseAscending() {
        Check.argument(!request.parts().isEmpty(), "nil parts list");
        List<Part> chosen = new ArrayList<>(request.parts().size());
        int last = 0;
        for (NamedPart named : request.parts()) {
            if (named.number() <= last) {
                throw new StoreException(
                        ErrorCode.INVALID_PART_ORDER,
                        "part " + named.number() + " comes after part " + last + ": expecting ascending numbers");
            }
            last = named.number();
            chosen.add(matching(named));
        }
        for (Part part : chosen.subList(0, chosen.size() - 1)) {
            checkSize(part);
        }
        return chosen;
    }

    private Part matching(NamedPart named) {
        @Nullable Part part = uploaded.get(named.number());
        if (part == null) {
            throw new StoreException(ErrorCode.INVALID_PART, "part " + named.number() + " was not uploaded");
        }
        ObjectRecord record = part.record();
        if (!named.etag().isEmpty() && !unquoted(named.etag()).equals(record.etag())) {
            throw new StoreException(
                    ErrorCode.INVALID_PART,
                    "part " + named.number() + " has ETag " + record.etag() + ", not " + named.etag());
        }
        checkChecksum(named, record);
        return part;
    }

    private void checkChecksum(NamedPart named, ObjectRecord record) {
        Checksum given = named.checksum();
        if (given != null) {
            Checksum stored = record.checksum(given.type());
            if (!given.equals(stored)) {
                throw new StoreException(
                        ErrorCode.INVALID_PART,
                        "part " + named.number() + " has not the "
                                + given.type().wireName() + " checksum " + given.hex());
            }
        }
    }

    private void checkSize(Part part) {
        long size = part.record().size();
        if (size < request.minPartBytes()) {
            throw new StoreException(
                    ErrorCode.PART_TOO_SMALL,
                    "part " + part.number() + " has " + size + " bytes, fewer than " + request.minPartBytes());
        }
    }

    private static String unquoted(String etag) {
        boolean quoted = etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"");
        return quoted ? etag.substring(1, etag.length() - 1) : etag;
    }
}
