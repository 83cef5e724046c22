package io.myelin.admin;

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

    Reply listeners(AdminRequest request) {
        return Reply.json(200, view.listeners().stream().map(ListenerView::of).toList());
    }

    Reply announcements(AdminRequest request) {
        return Reply.json(200, view.announcements());
    }

    Reply process(AdminRequest request) {
        return Reply.json(200, ProcessStatus.of(view));
    }

    Reply ready(AdminRequest request) {
        Readiness readiness = Readiness.of(view);
        return Reply.json(readiness.ready() ? 200 : 503, readiness);
    }

    Reply test(AdminRequest request) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", "ok");
        answer.put("timestamp", Times.iso(clock.wallMillis()));
        return Reply.json(200, answer);
    }

    Reply version(AdminRequest request) {
        return Reply.json(200, Map.of("version", view.version()));
    }
}
