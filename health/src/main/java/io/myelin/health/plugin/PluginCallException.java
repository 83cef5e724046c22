package io.myelin.health.plugin;

/** A call on a plugin that failed. */
public final class PluginCallException extends Exception {
    /** How a call can fail. */
    public enum Kind {
        /** The plugin says that there is no such thing: {@code NOT_FOUND}. */
        NOT_FOUND,
        /** The plugin says that what it was asked makes no sense: {@code INVALID_ARGUMENT}. */
        INVALID,
        /** The plugin says that it failed: {@code UNKNOWN}, which is how plugins tell errors of their own. */
        FAILED,
        /** The call did not come through: every other status, deadlines and connections among them. */
        UNREACHABLE
    }

    private final Kind kind;

    public PluginCallException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
