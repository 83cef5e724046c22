package io.myelin.discovery.kubernetes;

/** What is counted about Kubernetes. */
public enum KubernetesCount {
    /** Pages of lists asked for. */
    LISTS,
    /** Watches asked for. */
    WATCHES,
    /** Lists and watches that failed, those that were cut before they brought anything included. */
    FAILED_REQUESTS,
    /** Watches after which everything had to be listed anew, because what they should go on from was too old. */
    EXPIRATIONS,
    /** Changes that watches brought. */
    EVENTS,
    /** Objects, addresses and ports that are not as Kubernetes describes them. */
    IGNORED_ENTRIES,
    /** Endpoints that Kubernetes has cut at 1,000 addresses, each as that begins. */
    TRUNCATIONS,
    /** Complete sets handed to a pool. */
    DELIVERIES
}
