package io.myelin.pool;

import io.myelin.model.Endpoint;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one label of an endpoint must be for the endpoint to be used: an entry of Synapse's {@code label_filters}.
 *
 * @param label its name
 * @param value the text it is compared with; {@code null} stands for an endpoint without the label
 * @param equal whether the label must be {@code value}, instead of must not be
 */
public record LabelFilter(String label, @Nullable String value, boolean equal) {
    boolean admits(Endpoint endpoint) {
        return Objects.equals(endpoint.labels().get(label), value) == equal;
    }

    /** Returns why {@code endpoint} is not admitted, for people. */
    String objection(Endpoint endpoint) {
        String found = endpoint.labels().get(label);
        String wanted = value == null ? "none" : "`" + value + "`";
        return "label " + label + " is " + (found == null ? "not there" : "`" + found + "`") + " (wanted: "
                + (equal ? "" : "not ") + wanted + ")";
    }
}
