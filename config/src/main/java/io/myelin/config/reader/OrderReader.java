package io.myelin.config.reader;

import io.myelin.config.document.Scalar;
import io.myelin.pool.Lineup;
import io.myelin.pool.Lineup.Order;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code order}: how the members of a service are put in order, a word or a map. */
final class OrderReader {
    private static final String PATTERN = "as_delivered|ascending|descending|shuffled";
    private static final String FORMS = "as_delivered, ascending, descending or shuffled";

    private final Section service;

    OrderReader(Section service) {
        this.service = service;
    }

    Lineup read(Lineup otherwise) {
        if (service.node("order") instanceof Scalar) {
            return new Lineup(
                    order(service.text("order", PATTERN, FORMS + ", or a map"), otherwise.order()),
                    otherwise.seed(),
                    otherwise.maxNumber());
        }
        Section order = service.section("order");
        if (order == null) {
            return otherwise;
        }
        order.allow(Keys.ORDER);
        String seed = order.text("seed", "-?\\d{1,9}", "a number");
        return new Lineup(
                order(order.text("by", PATTERN, FORMS), seed == null ? otherwise.order() : Order.SHUFFLED),
                seed == null ? otherwise.seed() : Integer.parseInt(seed),
                order.number("max_number", 0, Integer.MAX_VALUE, otherwise.maxNumber()));
    }

    private static Order order(@Nullable String name, Order otherwise) {
        return name == null ? otherwise : Order.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
