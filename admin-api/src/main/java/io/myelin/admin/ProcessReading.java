package io.myelin.admin;

import io.myelin.model.Clock;
import java.util.List;
import java.util.Map;

/** One look at what services share: the listeners, the broken services and the time. */
record ProcessReading(
        List<ListenerView> listeners,
        List<BrokenService> broken,
        Map<String, OrchestratedView> orchestrated,
        Times times) {
    static ProcessReading of(ProcessView view, Clock clock) {
        return new ProcessReading(
                view.listeners().stream().map(ListenerView::of).toList(),
                view.brokenServices(),
                view.orchestrated(),
                Times.now(clock));
    }

    List<ListenerView> listenersOf(String service) {
        return listeners.stream()
                .filter(listener -> listener.listener().equals(service))
                .toList();
    }

    boolean isBroken(String service) {
        return broken.stream().anyMatch(one -> one.name().equals(service));
    }

    List<String> problemsOf(String service) {
        return broken.stream()
                .filter(one -> one.name().equals(service))
                .flatMap(one -> one.problems().stream())
                .toList();
    }
}
