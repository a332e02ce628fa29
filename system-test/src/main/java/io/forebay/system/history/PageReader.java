package io.forebay.system.history;

import io.forebay.system.history.Caller.NotSent;
import io.forebay.system.history.Values.Value;
import io.forebay.system.server.RawHttp.Answer;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lists a group of keys page by page. A page is a read of every key of its range that was known when it was
/// asked for: of the value that it names, or of nothing.
final class PageReader {
    private static final int PAGE = 10;
    private static final Pattern ENTRY =
            Pattern.compile("<Key>([^<]+)</Key>.*?<ETag>(?:&quot;|\")?([0-9a-fx-]+)[^<]*</ETag>", Pattern.DOTALL);
    private static final Pattern TOKEN = Pattern.compile("<NextContinuationToken>([^<]+)</NextContinuationToken>");

    private final String bucket;
    private final Client.Run run;
    private final Caller caller;

    PageReader(String bucket, Client.Run run, Caller caller) {
        this.bucket = bucket;
        this.run = run;
        this.caller = caller;
    }

    /// Whether all pages were answered.
    boolean read(KeySpace.Group group, URI gateway, String note) {
        String after = "";
        String token = "";
        do {
            List<Key> known = run.keys().keysOf(group);
            long begin = Client.now();
            Answer answer;
            try {
                answer = caller.send(gateway, "GET", target(group, token), "", new byte[0]);
            } catch (NotSent e) {
                run.findings().notSent();
                return false;
            } catch (UncheckedIOException e) {
                run.findings().unanswered();
                return false;
            }
            long end = Client.now();
            if (answer.status() != 200) {
                refused(answer, gateway);
                return false;
            }
            run.findings().answered();
            Matcher next = TOKEN.matcher(answer.text());
            Page page = page(answer.text(), after, next.find());
            record(page, known, begin, end, note + " list " + gateway.getAuthority());
            checkNames(page, group);
            token = page.last() ? "" : next.group(1);
            after = page.to();
        } while (!token.isEmpty());
        return true;
    }

    /// The entries of a page.
    ///
    /// @param from the name behind which it begins
    /// @param to the last name of its range, where it is not the last page
    private record Page(Map<String, String> tags, String from, String to, boolean last) {
        boolean covers(String name) {
            return name.compareTo(from) > 0 && (last || name.compareTo(to) <= 0);
        }
    }

    private static Page page(String xml, String from, boolean truncated) {
        TreeMap<String, String> tags = new TreeMap<>();
        Matcher entries = ENTRY.matcher(xml);
        while (entries.find()) {
            tags.put(entries.group(1), entries.group(2));
        }
        return new Page(tags, from, tags.isEmpty() ? from : tags.lastKey(), !truncated);
    }

    private void record(Page page, List<Key> known, long begin, long end, String note) {
        for (Key key : known) {
            if (!page.covers(key.name())) {
                continue;
            }
            String tag = page.tags().get(key.name());
            Value value = tag == null ? null : run.values().findTag(tag);
            if (tag != null && value == null) {
                run.findings().add(note + " shows " + key.name() + " with an entity tag that nobody wrote: " + tag);
            } else {
                int found = value == null ? Operation.ABSENT : value.number();
                key.add(Operation.list(found, begin, end).noted(note));
            }
        }
    }

    /// A name that nobody has written may not be listed.
    private void checkNames(Page page, KeySpace.Group group) {
        Set<String> names = new HashSet<>();
        run.keys().keysOf(group).forEach(key -> names.add(key.name()));
        for (String name : page.tags().keySet()) {
            if (!names.contains(name)) {
                run.findings().add("a list shows " + bucket + "/" + name + ", which nobody wrote");
            }
        }
    }

    private void refused(Answer answer, URI gateway) {
        if (answer.status() / 100 == 5 || answer.text().contains("<Code>RequestTimeout<")) {
            run.findings().failed(answer);
        } else {
            run.findings()
                    .add("a list of " + bucket + " by " + gateway.getAuthority() + " was answered " + answer.status()
                            + ": " + answer.text());
        }
    }

    private String target(KeySpace.Group group, String token) {
        String more = token.isEmpty() ? "" : "&continuation-token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        return "/" + bucket + "?list-type=2&max-keys=" + PAGE + "&prefix=" + group.prefix() + more;
    }
}
