package io.myelin.discovery.polling;

/** Tells that what a registry answered last may no longer be so. */
@FunctionalInterface
public interface Hints {
    /** Nobody tells. */
    Hints NONE = changed -> () -> {
        // There is nothing to end.
    };

    /**
     * Has {@code changed} run, on the loop of registries, whenever something may have changed; to be called there.
     *
     * @return ends it; to be called there
     */
    Runnable subscribe(Runnable changed);
}
