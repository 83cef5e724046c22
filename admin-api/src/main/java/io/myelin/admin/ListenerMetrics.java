package io.myelin.admin;

import static io.myelin.admin.Family.counter;
import static io.myelin.admin.Family.gauge;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/** The metrics of one address of one listener. */
final class ListenerMetrics {
    private ListenerMetrics() {}

    static final List<Family<ListenerView>> FAMILIES = List.of(
            gauge("myelin_listener_up", "1 while the listener listens.", value(seen -> seen.listening() ? 1 : 0)),
            gauge(
                    "myelin_listener_open_connections",
                    "Client connections open now.",
                    value(ListenerView::openConnections)),
            counter(
                    "myelin_listener_accepted_connections_total",
                    "Client connections since the listener was bound.",
                    value(ListenerView::acceptedConnections)),
            gauge(
                    "myelin_listener_waiting_connections",
                    "Client connections accepted that wait for others to end; meanwhile accepting is paused.",
                    value(ListenerView::waitingConnections)),
            counter(
                    "myelin_listener_waited_connections_total",
                    "Client connections that had to wait for others to end.",
                    value(ListenerView::waitedConnections)),
            gauge("myelin_listener_max_connections", "Client connections there may be.", (seen, text) -> {
                Integer limit = seen.maxConnections();
                if (limit != null) {
                    labels(seen, text).value(limit);
                }
            }));

    private static BiConsumer<ListenerView, MetricText> value(ToLongFunction<ListenerView> number) {
        return (seen, text) -> labels(seen, text).value(number.applyAsLong(seen));
    }

    private static MetricText labels(ListenerView seen, MetricText text) {
        return text.label("address", seen.address())
                .label("listener", seen.listener())
                .label("protocol", seen.protocol());
    }
}
