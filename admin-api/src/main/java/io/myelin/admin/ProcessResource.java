package io.myelin.admin;

import io.myelin.httpd.Answer;
import io.myelin.model.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** The process as a whole: its listeners, its configuration and whether it is ready. */
final class ProcessResource {
    private final ProcessView view;
    private final Clock clock;

    ProcessResource(ProcessView view, Clock clock) {
        this.view = view;
        this.clock = clock;
    }

    Answer listeners(AdminRequest request) {
        return Reply.json(200, view.listeners().stream().map(ListenerView::of).toList());
    }

    Answer announcements(AdminRequest request) {
        return Reply.json(200, view.announcements());
    }

    Answer plugins(AdminRequest request) {
        return Reply.json(200, PluginsStatus.of(view.plugins(), Times.now(clock)));
    }

    Answer process(AdminRequest request) {
        return Reply.json(200, ProcessStatus.of(view));
    }

    Answer ready(AdminRequest request) {
        Readiness readiness = Readiness.of(view);
        return Reply.json(readiness.ready() ? 200 : 503, readiness);
    }

    Answer test(AdminRequest request) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", "ok");
        answer.put("timestamp", Times.iso(clock.wallMillis()));
        return Reply.json(200, answer);
    }

    Answer version(AdminRequest request) {
        return Reply.json(200, Map.of("version", view.version()));
    }
}
