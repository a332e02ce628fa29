package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.gateway.auth.Account;
import io.forebay.gateway.listing.NameOrder;
import io.forebay.protocol.http.PercentCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class S3ListingsTest {
    private final S3Client s3 = new S3Client();

    @BeforeEach
    void createBucket() {
        s3.put("/bucket", "").hasStatus(200);
    }

    private void putAll(String... names) {
        for (String name : names) {
            s3.put("/bucket/" + PercentCode.encode(name), "x").hasStatus(200);
        }
    }

    @Test
    void groupsAreRolledUp() {
        putAll("asdf", "boo/bar", "boo/baz/xyzzy", "cquux/thud", "cquux/bla");
        Answer first = s3.get("/bucket?delimiter=/&max-keys=2");
        assertThat(first.elements("Key")).isEqualTo("asdf");
        assertThat(first.elements("Prefix")).isEqualTo(",boo/");
        assertThat(first.element("IsTruncated")).isEqualTo("true");
        assertThat(first.element("NextMarker")).isEqualTo("boo/");
        Answer second = s3.get("/bucket?delimiter=/&max-keys=2&marker=boo/");
        assertThat(second.elements("Key")).isEmpty();
        assertThat(second.elements("Prefix")).isEqualTo(",cquux/");
        assertThat(second.element("IsTruncated")).isEqualTo("false");
        assertThat(second.element("NextMarker")).isEmpty();
        Answer inside = s3.get("/bucket?list-type=2&delimiter=/&prefix=boo/");
        assertThat(inside.elements("Key")).isEqualTo("boo/bar");
        assertThat(inside.elements("Prefix")).isEqualTo("boo/,boo/baz/");
        assertThat(inside.element("KeyCount")).isEqualTo("2");
    }

    @Test
    void pagesOfVersionTwoGoOn() {
        putAll("bar", "baz", "foo", "quxx");
        Answer first = s3.get("/bucket?list-type=2&max-keys=1&start-after=bar");
        assertThat(first.elements("Key")).isEqualTo("baz");
        assertThat(first.element("StartAfter")).isEqualTo("bar");
        String token = first.element("NextContinuationToken");
        Answer second = s3.get("/bucket?list-type=2&start-after=bar&continuation-token=" + token);
        assertThat(second.elements("Key")).isEqualTo("foo,quxx");
        assertThat(second.element("ContinuationToken")).isEqualTo(token);
        assertThat(second.element("NextContinuationToken")).isEmpty();
        Answer empty = s3.get("/bucket?list-type=2&continuation-token=");
        assertThat(empty.elements("Key")).isEqualTo("bar,baz,foo,quxx");
        assertThat(empty.body()).contains("<ContinuationToken></ContinuationToken>");
        assertThat(empty.body()).doesNotContain("<Owner>");
        assertThat(s3.get("/bucket?list-type=2&fetch-owner=true").body())
                .contains("<Owner><ID>" + Account.ROOT.canonicalId() + "</ID>");
        assertThat(s3.get("/bucket").body()).contains("<Owner><ID>" + Account.ROOT.canonicalId() + "</ID>");
    }

    @Test
    void valuesAreHeldToTheirRules() {
        putAll("a");
        Answer none = s3.get("/bucket?max-keys=0").hasStatus(200);
        assertThat(none.element("IsTruncated")).isEqualTo("false");
        assertThat(none.elements("Key")).isEmpty();
        assertThat(s3.get("/bucket?max-keys=5000").element("MaxKeys")).isEqualTo("1000");
        assertThat(s3.get("/bucket?max-keys=").element("MaxKeys")).isEqualTo("1000");
        for (String target : new String[] {
            "/bucket?max-keys=blah",
            "/bucket?max-keys=-1",
            "/bucket?list-type=3",
            "/bucket?encoding-type=base64",
            "/bucket?list-type=2&continuation-token=%2A%2A",
            "/bucket?list-type=2&continuation-token=QUFB",
            "/bucket?versions&version-id-marker=x",
            "/bucket?uploads&max-uploads=x"
        }) {
            s3.get(target).isError(400, "InvalidArgument");
        }
        s3.get("/bucket?prefix=%FF").isError(400, "InvalidURI");
        s3.get("/bucket?prefix=%zz").isError(400, "InvalidURI");
    }

    @Test
    void namesAreEncodedOrEscaped() {
        putAll("a+b", "c d", "e&f<g>", "h\u0001i", "j\nk", "\u20ac/\uD83D\uDE00");
        Answer encoded = s3.get("/bucket?encoding-type=url");
        assertThat(encoded.elements("Key")).isEqualTo("a%2Bb,c%20d,e%26f%3Cg%3E,h%01i,j%0Ak,%E2%82%AC/%F0%9F%98%80");
        assertThat(encoded.element("EncodingType")).isEqualTo("url");
        Answer plain = s3.get("/bucket");
        assertThat(plain.body())
                .contains("<Key>e&amp;f&lt;g&gt;</Key>")
                .contains("<Key>h&#x1;i</Key>")
                .contains("<Key>j&#xa;k</Key>");
        Answer delimited = s3.get("/bucket?encoding-type=url&delimiter=%20&prefix=c%20&marker=%0A");
        assertThat(delimited.element("Delimiter")).isEqualTo("%20");
        assertThat(delimited.element("Prefix")).isEqualTo("c%20");
        assertThat(delimited.element("Marker")).isEqualTo("%0A");
    }

    @Test
    void versionsOfABucketWithoutVersions() {
        putAll("a", "b", "c/d");
        Answer first = s3.get("/bucket?versions&max-keys=1");
        assertThat(first.elements("Key")).isEqualTo("a");
        assertThat(first.element("VersionId")).isEqualTo("null");
        assertThat(first.element("IsLatest")).isEqualTo("true");
        assertThat(first.element("NextKeyMarker")).isEqualTo("a");
        assertThat(first.element("NextVersionIdMarker")).isEqualTo("null");
        Answer second = s3.get("/bucket?versions&delimiter=/&key-marker=a&version-id-marker=null");
        assertThat(second.elements("Key")).isEqualTo("b");
        assertThat(second.elements("Prefix")).isEqualTo(",c/");
        s3.get("/missing?versions").isError(404, "NoSuchBucket");
    }

    @Test
    void entriesAgreeWithTheObjects() {
        putAll("a");
        Answer list = s3.get("/bucket?list-type=2");
        Answer head = s3.head("/bucket/a");
        assertThat(list.element("ETag")).isEqualTo(head.header("ETag").replace("\"", "&quot;"));
        assertThat(list.element("Size")).isEqualTo("1");
        assertThat(list.element("LastModified")).endsWith(".000Z");
        assertThat(list.element("ChecksumAlgorithm")).isEqualTo("CRC64NVME");
        assertThat(list.element("StorageClass")).isEqualTo("STANDARD");
    }

    /// Random names, delimiters and page sizes against a model of a dozen lines.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void listingEqualsTheModel(long seed) {
        Random random = new Random(seed);
        String[] alphabet = {"a", "b", "/", "//", "%", " ", "\uFF5E", "\uD83D\uDE00", "."};
        TreeSet<String> names = new TreeSet<>(NameOrder.INSTANCE);
        for (int count = 0; count < 60; count++) {
            names.add(text(random, alphabet, 1 + random.nextInt(5)));
        }
        names.forEach(this::putAll);
        for (int round = 0; round < 40; round++) {
            String prefix = random.nextInt(3) == 0 ? text(random, alphabet, random.nextInt(3)) : "";
            String delimiter = random.nextInt(3) == 0 ? "" : alphabet[random.nextInt(alphabet.length)];
            int maxKeys = 1 + random.nextInt(20);
            List<String> expected = model(names, prefix, delimiter);
            String scope = "prefix=" + PercentCode.encode(prefix) + "&delimiter=" + PercentCode.encode(delimiter)
                    + "&encoding-type=url&max-keys=" + maxKeys;
            assertThat(pages(scope, true)).as("seed %s, v2, %s", seed, scope).isEqualTo(expected);
            if (!delimiter.isEmpty()) {
                assertThat(pages(scope, false))
                        .as("seed %s, v1, %s", seed, scope)
                        .isEqualTo(expected);
            }
        }
    }

    private static String text(Random random, String[] alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < length; index++) {
            text.append(alphabet[random.nextInt(alphabet.length)]);
        }
        return text.toString();
    }

    private static List<String> model(Set<String> names, String prefix, String delimiter) {
        TreeSet<String> shown = new TreeSet<>(NameOrder.INSTANCE);
        for (String name : names) {
            if (name.startsWith(prefix)) {
                int found = delimiter.isEmpty() ? -1 : name.indexOf(delimiter, prefix.length());
                shown.add(found < 0 ? name : name.substring(0, found + delimiter.length()));
            }
        }
        return new ArrayList<>(shown);
    }

    /// All names and groups of all pages, each page in order.
    private List<String> pages(String scope, boolean versionTwo) {
        List<String> all = new ArrayList<>();
        String next = "";
        do {
            String target = versionTwo
                    ? "/bucket?list-type=2&" + scope + (next.isEmpty() ? "" : "&continuation-token=" + next)
                    : "/bucket?" + scope + (next.isEmpty() ? "" : "&marker=" + next);
            Answer page = s3.get(target).hasStatus(200);
            TreeSet<String> shown = new TreeSet<>(NameOrder.INSTANCE);
            addDecoded(page.elements("Key"), shown);
            addDecoded(page.elements("Prefix").replaceFirst("^[^,]*,?", ""), shown);
            all.addAll(shown);
            next = page.element(versionTwo ? "NextContinuationToken" : "NextMarker");
        } while (!next.isEmpty());
        return all;
    }

    private static void addDecoded(String joined, Set<String> names) {
        if (!joined.isEmpty()) {
            for (String name : joined.split(",", -1)) {
                names.add(PercentCode.decode(name));
            }
        }
    }
}
