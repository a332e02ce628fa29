package io.forebay.gateway;

import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a page is, computed in the plainest way from everything that a bucket holds.
public final class PageModel {
    private PageModel() {}

    /// The page of those objects that the request asks for.
    public static Page page(List<Page.Entry> objects, PageRequest request) {
        List<Page.Entry> sorted = new ArrayList<>(objects);
        sorted.sort((left, right) -> compare(left.name(), right.name()));
        List<Page.Entry> page = new ArrayList<>();
        String group = "";
        for (Page.Entry entry : sorted) {
            String name = entry.name();
            if (!name.startsWith(request.prefix())) {
                continue;
            }
            int end = request.delimiter().isEmpty()
                    ? -1
                    : name.indexOf(request.delimiter(), request.prefix().length());
            String shown =
                    end < 0 ? name : name.substring(0, end + request.delimiter().length());
            boolean before = compare(shown, request.after()) <= 0;
            boolean seen = end >= 0 && shown.equals(group);
            if (before || seen) {
                continue;
            }
            if (page.size() == request.limit()) {
                return new Page(page, true);
            }
            group = end >= 0 ? shown : group;
            page.add(end < 0 ? entry : Page.Entry.group(shown));
        }
        return new Page(page, false);
    }

    /// By UTF-8 bytes.
    public static int compare(String left, String right) {
        return Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }
}
