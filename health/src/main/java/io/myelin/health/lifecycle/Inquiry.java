package io.myelin.health.lifecycle;

import io.myelin.health.Asker;

/**
 * What one probe asks one instance.
 *
 * @param target what is asked, for people, such as {@code GET http://127.0.0.1:8080/ready}
 * @param asker asks it
 * @param end lets go of what the asker keeps between two questions; safe from any thread
 */
record Inquiry(String target, Asker asker, Runnable end) {
    /** An inquiry that keeps nothing between two questions. */
    Inquiry(String target, Asker asker) {
        this(target, asker, () -> {});
    }
}
