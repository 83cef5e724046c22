package io.myelin.discovery.kubernetes;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param answer a page of a list, and until a watch begins
 * @param silence of a watch, after which it is taken for dead; API servers write at least once a minute
 * @param watch after which a server is asked to end one, so that many do not stay at one server; shortened by chance
 * @param firstPause after a failure; it doubles with each further one
 * @param longestPause the longest of those
 * @param pageObjects the most objects of one page, of which a slice of a hundred addresses takes some 40 KB
 */
record Timing(
        Duration answer,
        Duration silence,
        Duration watch,
        Duration firstPause,
        Duration longestPause,
        int pageObjects) {
    /** As Kubernetes' own clients have it, but for silence, which those do not limit. */
    static final Timing DEFAULT = new Timing(
            Duration.ofSeconds(15),
            Duration.ofSeconds(100),
            Duration.ofMinutes(10),
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            100);
}
