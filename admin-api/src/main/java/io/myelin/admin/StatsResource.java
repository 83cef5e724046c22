package io.myelin.admin;

import io.myelin.httpd.Answer;
import io.myelin.stats.StatsQuery;
import java.util.Map;

/** The statistics of HAProxy: a page, or with {@code csv} among the words behind the semicolon its lines. */
final class StatsResource implements Resource {
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    private final ProcessView view;

    StatsResource(ProcessView view) {
        this.view = view;
    }

    @Override
    public Answer answer(AdminRequest request) {
        StatsQuery query = StatsQuery.of(request.name());
        if (query.csv()) {
            return Reply.text("text/plain; charset=utf-8", view.statistics().csv(query));
        }
        return Reply.text("text/html; charset=utf-8", view.statistics().page(query, "Statistics Report"))
                .withHeaders(Map.of("Content-Security-Policy", POLICY));
    }
}
