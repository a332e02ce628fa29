package io.forebay.gateway.api.s3;

/// XML documents of requests: a byte that chooses whose, then the document. One that is taken says the same after it
/// was kept and told again; every other one is refused in S3's words.
public final class DocumentFuzzTarget {
    private DocumentFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] document = new byte[input.length - 1];
        System.arraycopy(input, 1, document, 0, document.length);
        BucketConfiguration[] kinds = BucketConfiguration.values();
        int choice = (input[0] & 0xFF) % (kinds.length + 1);
        try {
            if (choice == kinds.length) {
                XmlReader.read(document, "Delete").all("Object").forEach(RemovalCondition::of);
            } else {
                keep(kinds[choice], document);
            }
        } catch (S3Failure e) {
            if (e.error().status() >= 500) {
                throw new AssertionError("the server is at fault", e);
            }
        }
    }

    private static void keep(BucketConfiguration kind, byte[] document) {
        String text = kind.read(XmlReader.read(document, kind.root()));
        byte[] told = kind.document(text).bytes();
        String again;
        try {
            again = kind.read(XmlReader.read(told, kind.root()));
        } catch (S3Failure e) {
            throw new AssertionError(kind + " tells of " + text + " what it does not take", e);
        }
        if (!again.equals(text)) {
            throw new AssertionError(kind + " kept " + text + ", and told " + again);
        }
    }
}
