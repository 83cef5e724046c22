package io.myelin.admin;

import io.myelin.httpd.Answer;
import io.myelin.model.Clock;

/** The metrics in one of Prometheus's formats, whichever the scraper prefers. */
final class MetricsResource implements Resource {
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final ProcessView view;
    private final Clock clock;

    MetricsResource(ProcessView view, Clock clock) {
        this.view = view;
        this.clock = clock;
    }

    @Override
    public Answer answer(AdminRequest request) {
        boolean openMetrics = request.accept().contains(OPEN_METRICS);
        String contentType = openMetrics
                ? OPEN_METRICS + "; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
        return Reply.text(contentType, Exposition.of(view, Times.now(clock), new MetricText(openMetrics)));
    }
}
