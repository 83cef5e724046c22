package io.myelin.health.plugin;

/**
 * What devices are found by, written {@code [namespace/][annotation:]label}.
 *
 * @param namespace empty for none
 * @param annotation empty for none
 */
public record Tag(String namespace, String annotation, String label) {
    /** Reads {@code text}; a tag without a namespace gets none. */
    public static Tag parse(String text) {
        int slash = text.indexOf('/');
        String rest = text.substring(slash + 1);
        int colon = rest.indexOf(':');
        return new Tag(
                slash < 0 ? "" : text.substring(0, slash),
                colon < 0 ? "" : rest.substring(0, colon),
                rest.substring(colon + 1));
    }

    /** Returns the tag in {@code namespace} if it has none of its own. */
    public Tag orIn(String otherwise) {
        return namespace.isEmpty() ? new Tag(otherwise, annotation, label) : this;
    }

    @Override
    public String toString() {
        return (namespace.isEmpty() ? "" : namespace + '/') + (annotation.isEmpty() ? "" : annotation + ':') + label;
    }
}
