package io.myelin.discovery.zookeeper;

/** How changes are noticed. */
enum Watching {
    /** One watch for a znode and everything below it, which stays; servers know it since 3.6. */
    RECURSIVE,
    /** Watches that each tell of one change. */
    ONE_TIME,
    /** Not at all: whoever follows looks again from time to time. */
    NONE
}
