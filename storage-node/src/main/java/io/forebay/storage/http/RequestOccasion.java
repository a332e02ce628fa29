package io.forebay.storage.http;

import io.forebay.cluster.rule.NotificationRules;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.Occasion;
import io.forebay.protocol.api.Occasion.Cause;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.object.Occasions;
import java.util.function.Supplier;

/// On what occasion a request changes an object, where changes of its bucket are told: as the gateway says that
/// sent it, else what the request itself tells.
final class RequestOccasion {
    private RequestOccasion() {}

    /// The same answer, with whatever it changes being changed on that occasion.
    static Supplier<Reply> around(Operation operation, ObjectRequest request, Supplier<Reply> answer) {
        Method method = request.exchange().request().method();
        boolean told = method != Method.GET
                && method != Method.HEAD
                && request.bucket().properties().containsKey(NotificationRules.PROPERTY);
        return told ? () -> Occasions.during(of(operation, request), answer::get) : answer;
    }

    private static Occasion of(Operation operation, ObjectRequest request) {
        String said = request.headers().find(NodeHeaders.OCCASION);
        if (said != null) {
            return Occasion.parse(said);
        }
        Exchange exchange = request.exchange();
        boolean copies = operation == Operation.COPY || operation == Operation.RENAME;
        return new Occasion(
                copies ? Cause.COPY : Cause.REQUEST, "", Occasion.address(exchange.remote()), exchange.id(), "", "");
    }
}
