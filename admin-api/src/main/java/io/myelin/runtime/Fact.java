package io.myelin.runtime;

import io.myelin.stats.Trait;

/**
 * One thing that is known of the process, as {@code show info} tells it.
 *
 * @param position the number that HAProxy has for it
 */
record Fact(int position, String name, Trait trait, String value) {
    static Fact of(int position, String name, String trait, Object value) {
        return new Fact(position, name, Trait.of(trait), String.valueOf(value));
    }

    String plain() {
        return name + ": " + value;
    }

    String typed() {
        return position + "." + name + "." + trait.typed(value);
    }

    String json() {
        return "{" + trait.json(position, name, value) + "}";
    }
}
