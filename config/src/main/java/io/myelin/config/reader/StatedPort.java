package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Node;
import io.myelin.config.document.Scalar;
import org.jspecify.annotations.Nullable;

/** The port that a service states for all its endpoints, for registries that know none. */
final class StatedPort {
    private StatedPort() {}

    /** Returns the port, {@code null} if there is none, or only a difference to what a registry says. */
    static @Nullable Integer of(Section service) {
        Node node = service.node("backend_port_override");
        Node haproxy = service.node("haproxy");
        if (node == null && haproxy instanceof Mapping) {
            Section section = service.section("haproxy");
            node = section == null ? null : section.node("server_port_override");
        }
        String text = node instanceof Scalar scalar ? scalar.text().strip() : "";
        return text.matches("[1-9]\\d{0,4}") && Integer.parseInt(text) <= 65_535 ? Integer.valueOf(text) : null;
    }
}
