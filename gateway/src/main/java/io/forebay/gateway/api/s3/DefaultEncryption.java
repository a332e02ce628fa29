package io.forebay.gateway.api.s3;

import io.forebay.common.error.StoreException;
import io.forebay.common.model.Encryption;
import java.util.List;

/// The configuration that says how a bucket's objects are encrypted by default.
final class DefaultEncryption {
    private static final String BY_DEFAULT = "ApplyServerSideEncryptionByDefault";
    private static final String ALGORITHM = "SSEAlgorithm";
    private static final String KEY_ID = "KMSMasterKeyID";
    private static final String BUCKET_KEY = "BucketKeyEnabled";

    private DefaultEncryption() {}

    /// Throws MalformedXML and InvalidArgument.
    static Encryption read(XmlElement document) {
        List<XmlElement> rules = document.all("Rule");
        XmlElement byDefault = rules.size() == 1 ? rules.getFirst().find(BY_DEFAULT) : null;
        if (byDefault == null) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        String algorithm = byDefault.requireText(ALGORITHM);
        String keyId = byDefault.findText(KEY_ID);
        boolean kms = algorithm.equals(Encryption.Scheme.KMS.wireName());
        if (!kms && !algorithm.equals(Encryption.Scheme.AES256.wireName())) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        if (!kms && keyId != null) {
            throw S3Failure.invalidArgument(
                    KEY_ID, keyId, "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms");
        }
        try {
            return new Encryption(
                    kms ? Encryption.Scheme.KMS : Encryption.Scheme.AES256,
                    keyId == null ? "" : keyId.strip(),
                    "",
                    kms && "true".equalsIgnoreCase(rules.getFirst().findText(BUCKET_KEY)));
        } catch (StoreException e) {
            throw S3Failure.invalidArgument(KEY_ID, String.valueOf(keyId), e.text());
        }
    }

    static XmlWriter document(Encryption encryption) {
        XmlWriter xml = XmlWriter.of("ServerSideEncryptionConfiguration")
                .open("Rule")
                .open(BY_DEFAULT)
                .element(ALGORITHM, encryption.scheme().wireName());
        if (!encryption.keyId().isEmpty()) {
            xml.element(KEY_ID, encryption.keyId());
        }
        return xml.close().element(BUCKET_KEY, encryption.bucketKey()).close();
    }
}
