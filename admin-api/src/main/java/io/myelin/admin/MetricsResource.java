package io.myelin.admin;

import io.myelin.httpd.Answer;
import io.myelin.model.Clock;

/** The metrics in one of Prometheus's formats, whichever the scraper prefers. */
final class MetricsResource implements Resource {
    private final ProcessView view;
    private final Clock clock;

    MetricsResource(ProcessView view, Clock clock) {
        this.view = view;
        this.clock = clock;
    }

    @Override
    public Answer answer(AdminRequest request) {
        MetricText text = MetricText.preferredBy(request.accept());
        return Reply.text(text.contentType(), Exposition.of(view, Times.now(clock), text));
    }
}
