package io.myelin.discovery.kubernetes;

import java.util.Collection;

/** Hears of all objects that are followed together; on the loop. */
interface ObjectsListener {
    /**
     * They are so now.
     *
     * @param problem why some of them are of an earlier time, or missing; empty if all are as the server says
     * @param version the revision of the server's store that this is
     */
    void onObjects(Collection<ServiceObject> objects, String problem, String version);

    /** They cannot be asked for; what was said last is all that is known. */
    void onLost(String reason);
}
