package io.myelin.discovery.multi;

import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.SourceStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** Takes what one source says to the thread that owns its state. */
record ChildSink(ChildState child, Executor thread, Runnable changed) implements EndpointSink {
    @Override
    public void replace(EndpointSet endpoints) {
        change(() -> child.replace(endpoints));
    }

    @Override
    public void status(SourceStatus status) {
        change(() -> child.report(status));
    }

    @Override
    public void configure(String sections) {
        change(() -> child.configure(sections));
    }

    @Override
    public void resolve(Map<String, List<String>> addresses) {
        change(() -> child.resolve(addresses));
    }

    private void change(Runnable step) {
        thread.execute(() -> {
            step.run();
            changed.run();
        });
    }
}
