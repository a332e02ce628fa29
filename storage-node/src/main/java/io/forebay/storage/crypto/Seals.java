package io.forebay.storage.crypto;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.CustomerKey;
import io.forebay.common.model.Encryption;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.seal.MasterKeys;
import io.forebay.common.seal.SealKey;
import io.forebay.common.seal.SealKeys;
import io.forebay.storage.metadata.Seal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the keys of objects, and opens those that are kept with them. Safe to share between threads.
public final class Seals {
    private final SealKeys cluster;
    private final Map<String, SealKeys> named = new HashMap<>();
    private final ChunkBuffers buffers = new ChunkBuffers();
    private final @Nullable String defaultKey;

    public Seals(MasterKeys master, EncryptionConfig config) {
        this.cluster = master.derive("objects");
        for (String name : config.keys()) {
            named.put(name, master.derive("objects by key " + name));
        }
        this.defaultKey = config.defaultKey();
    }

    /// A new key for an object that is to be written. Throws KEY_UNKNOWN when the key that is to protect it is not
    /// one of ours, INVALID_ARGUMENT when none is named and none is taken by default.
    ///
    /// @param customer the key of a customer, which belongs to that scheme
    public Sealing begin(Encryption asked, @Nullable CustomerKey customer, Bucket bucket, ObjectKey key) {
        DataKey dataKey = DataKey.random();
        if (asked.scheme() == Encryption.Scheme.CUSTOMER) {
            byte[] wrapped = ofCustomer(required(customer, key)).seal(dataKey.bytes(), context(asked, bucket, key));
            return new Sealing(new Envelope(asked, "", wrapped), dataKey, buffers);
        }
        Encryption meant = named(asked);
        SealKeys keys = keys(meant);
        byte[] wrapped = keys.current().seal(dataKey.bytes(), context(meant, bucket, key));
        return new Sealing(new Envelope(meant, keys.currentId(), wrapped), dataKey, buffers);
    }

    /// The key of an object or upload that is there. Throws KEY_REFUSED when it is a customer's and another one or
    /// none came, or one came and it is not; KEY_UNKNOWN when the key that protects it is not one of ours; CORRUPT
    /// when it was changed, or is that of another object.
    public Sealing resume(Seal seal, @Nullable CustomerKey customer, Bucket bucket, ObjectKey key) {
        Envelope envelope = SealCodec.envelope(seal);
        Encryption encryption = envelope.encryption();
        boolean ofCustomer = encryption.scheme() == Encryption.Scheme.CUSTOMER;
        if (!ofCustomer && customer != null) {
            throw new StoreException(
                    ErrorCode.KEY_REFUSED, key + " is not encrypted by a key that comes with a request");
        }
        SealKey protecting = ofCustomer ? ofCustomer(required(customer, key)) : known(envelope, key);
        byte[] bytes = protecting.open(envelope.wrapped(), context(encryption, bucket, key));
        if (bytes == null) {
            throw ofCustomer
                    ? new StoreException(ErrorCode.KEY_REFUSED, key + " is encrypted by another key than came")
                    : new StoreException(ErrorCode.CORRUPT, "the key of " + key + " is not as it was written");
        }
        return new Sealing(envelope, new DataKey(bytes), buffers);
    }

    /// The seal of an upload that others complete. Clients send a customer's key with the parts, and not always
    /// with the completion: such an upload's key is in the cluster's custody too, while it lasts.
    public Seal ofUpload(Sealing sealing, Bucket bucket, ObjectKey key) {
        boolean ofCustomer = sealing.encryption().scheme() == Encryption.Scheme.CUSTOMER;
        return ofCustomer ? sealing.ofUpload(custody(sealing.key(), bucket, key)) : sealing.ofUpload();
    }

    /// The key of an upload that is to be completed. Throws as `resume`, but for a customer's key that does not
    /// come.
    public Sealing complete(Seal seal, @Nullable CustomerKey customer, Bucket bucket, ObjectKey key) {
        Envelope envelope = SealCodec.envelope(seal);
        boolean keyless = envelope.encryption().scheme() == Encryption.Scheme.CUSTOMER && customer == null;
        Envelope custody = keyless ? SealCodec.custody(seal) : null;
        if (custody == null) {
            return resume(seal, customer, bucket, key);
        }
        byte[] bytes = known(custody, key).open(custody.wrapped(), custodyContext(bucket, key));
        if (bytes == null) {
            throw new StoreException(
                    ErrorCode.CORRUPT, "the key of the upload of " + key + " is not as it was written");
        }
        return new Sealing(envelope, new DataKey(bytes), buffers);
    }

    private Envelope custody(DataKey dataKey, Bucket bucket, ObjectKey key) {
        return new Envelope(
                Encryption.of(Encryption.Scheme.AES256),
                cluster.currentId(),
                cluster.current().seal(dataKey.bytes(), custodyContext(bucket, key)));
    }

    /// How something is encrypted.
    public static Encryption encryption(Seal seal) {
        return SealCodec.envelope(seal).encryption();
    }

    private SealKey known(Envelope envelope, ObjectKey key) {
        SealKey known = keys(envelope.encryption()).find(envelope.masterId());
        if (known == null) {
            throw new StoreException(
                    ErrorCode.KEY_UNKNOWN,
                    "the master key by which " + key + " is encrypted (" + envelope.masterId() + ") is not known here");
        }
        return known;
    }

    private SealKeys keys(Encryption encryption) {
        if (encryption.scheme() == Encryption.Scheme.AES256) {
            return cluster;
        }
        SealKeys keys = named.get(encryption.keyId());
        if (keys == null) {
            throw new StoreException(ErrorCode.KEY_UNKNOWN, "Invalid keyId '" + encryption.keyId() + "'");
        }
        return keys;
    }

    private Encryption named(Encryption asked) {
        if (asked.scheme() != Encryption.Scheme.KMS || !asked.keyId().isEmpty()) {
            return asked;
        }
        if (defaultKey == null) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "encryption by aws:kms names no key, and none is taken by default (storage.encryption.default-key)");
        }
        return asked.withKeyId(defaultKey);
    }

    private static CustomerKey required(@Nullable CustomerKey customer, ObjectKey key) {
        if (customer == null) {
            throw new StoreException(
                    ErrorCode.KEY_REFUSED,
                    key + " is encrypted by a key of its writer, which has to come with the request");
        }
        return customer;
    }

    private static SealKey ofCustomer(CustomerKey customer) {
        return new SealKey(customer.bytes());
    }

    /// Another than that of an object's: what is in custody opens no object.
    private static byte[] custodyContext(Bucket bucket, ObjectKey key) {
        return SealKey.context("custody " + bucket.id() + "/" + key.name());
    }

    /// What a key is bound to: it is good for this object only.
    private static byte[] context(Encryption encryption, Bucket bucket, ObjectKey key) {
        return SealKey.context(encryption + " " + bucket.id() + "/" + key.name());
    }
}
