package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.CustomerKey;
import io.forebay.common.model.Encryption;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.storage.crypto.ClosedRecord;
import io.forebay.storage.crypto.OpenedRecord;
import io.forebay.storage.crypto.Sealing;
import io.forebay.storage.crypto.Seals;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Seal;
import io.forebay.storage.object.Upload;
import org.jspecify.annotations.Nullable;

/// How what a request writes is encrypted, and the opening of what it reads.
final class Encryptions {
    private final Seals seals;

    Encryptions(Seals seals) {
        this.seals = seals;
    }

    /// The key of an object that the request writes or begins to upload: as its sender asks, or else its bucket; null
    /// when neither asks for any. Throws KEY_UNKNOWN, KEY_REFUSED and INVALID_ARGUMENT.
    @Nullable
    Sealing ofNew(ObjectRequest request) {
        String asked = request.extended() ? request.headers().find(NodeHeaders.ENCRYPTION) : null;
        String text = asked == null ? request.bucket().properties().get(Bucket.ENCRYPTION) : asked;
        return text == null ? null : begin(request, Encryption.parse(text));
    }

    /// As above, of an upload: its seal.
    @Nullable
    Seal ofNewUpload(ObjectRequest request) {
        Sealing sealing = ofNew(request);
        return sealing == null ? null : seals.ofUpload(sealing, request.bucket(), request.key());
    }

    /// As above, of a copy: where neither asks for any it is encrypted as what it is made of.
    @Nullable
    Sealing ofCopy(ObjectRequest target, ObjectRecord source) {
        Sealing asked = ofNew(target);
        Seal seal = asked == null ? source.seal() : null;
        return seal == null ? asked : begin(target, Seals.encryption(seal));
    }

    private Sealing begin(ObjectRequest request, Encryption encryption) {
        return seals.begin(encryption, customerKey(request), request.bucket(), request.key());
    }

    /// The key of what is there. Throws KEY_REFUSED, KEY_UNKNOWN and CORRUPT.
    Sealing of(ObjectRequest request, Seal seal) {
        return seals.resume(seal, customerKey(request), request.bucket(), request.key());
    }

    /// As above, of an object; null when it is not encrypted.
    @Nullable
    Sealing ofStored(ObjectRequest request, ObjectRecord record) {
        Seal seal = record.seal();
        return seal == null ? none(request, "", " is not encrypted by a customer's key") : of(request, seal);
    }

    /// The key of an upload; null when its parts are not encrypted. Throws what `of` throws.
    @Nullable
    Sealing ofUpload(ObjectRequest request, Upload upload) {
        Seal seal = upload.seal();
        return seal == null ? noneOfUpload(request) : of(request, seal);
    }

    /// As above, of an upload that is completed, with or without the customer's key.
    @Nullable
    Sealing ofCompletion(ObjectRequest request, Upload upload) {
        Seal seal = upload.seal();
        return seal == null
                ? noneOfUpload(request)
                : seals.complete(seal, customerKey(request), request.bucket(), request.key());
    }

    private static @Nullable Sealing noneOfUpload(ObjectRequest request) {
        return none(request, "the upload of ", " began without encryption by this key");
    }

    /// No key, as there is no encryption. Throws KEY_REFUSED with those words around the name when one came.
    private static @Nullable Sealing none(ObjectRequest request, String before, String behind) {
        if (customerKey(request) != null) {
            throw new StoreException(ErrorCode.KEY_REFUSED, before + request.key() + behind);
        }
        return null;
    }

    /// Opens a sealed record. Throws what `of` throws.
    OpenedRecord open(ObjectRequest request, ObjectRecord record) {
        Seal seal = record.seal();
        if (seal == null) {
            throw new IllegalStateException(request.key() + " is not encrypted");
        }
        return of(request, seal).open(record);
    }

    /// A record as it is told to who asks: of one that is sealed by a key that did not come, what can be told without
    /// it. Throws KEY_REFUSED when another one came.
    ObjectRecord told(ObjectRequest request, ObjectRecord record) {
        Seal seal = record.seal();
        if (seal == null) {
            return record;
        }
        boolean closed = Seals.encryption(seal).scheme() == Encryption.Scheme.CUSTOMER && customerKey(request) == null;
        return closed ? ClosedRecord.of(record) : of(request, seal).open(record).record();
    }

    /// Whether what is stored is encrypted as what is to be written: by the same key, as far as that can be known.
    static boolean isEncryptedBy(ObjectRecord record, @Nullable Sealing sealing) {
        Seal seal = record.seal();
        if (seal == null || sealing == null) {
            return seal == null && sealing == null;
        }
        Encryption encryption = Seals.encryption(seal);
        return encryption.scheme() != Encryption.Scheme.CUSTOMER && encryption.equals(sealing.encryption());
    }

    /// Says how an object is encrypted, if it is.
    static void addTo(ObjectRecord record, Headers headers) {
        if (record.isSealed()) {
            add(record.seal(), headers);
        }
    }

    static void add(@Nullable Seal seal, Headers headers) {
        if (seal != null) {
            headers.add(NodeHeaders.ENCRYPTION, Seals.encryption(seal).toString());
        }
    }

    private static @Nullable CustomerKey customerKey(ObjectRequest request) {
        String text = request.extended() ? request.headers().find(NodeHeaders.CUSTOMER_KEY) : null;
        return text == null ? null : CustomerKey.parse(text);
    }
}
