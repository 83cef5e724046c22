package io.myelin.log;

/** Takes the records of one listener. Returns at once, whatever becomes of the record. */
@FunctionalInterface
public interface AccessSink {
    /**
     * Called on an event loop.
     *
     * @param loop the index of that event loop
     */
    void accept(int loop, AccessRecord record);
}
