package io.myelin.health.replica;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What operators see and do to the services whose replicas this process runs. Safe from any thread; never blocks. */
public interface ReplicaControl {
    /** Returns the services by name. */
    List<ReplicatedView> services();

    /** Returns the service, {@code null} if there is none of that name. */
    @Nullable
    ReplicatedView service(String name);

    /** Queues another number of replicas, 0 or more; returns whether there is such a service. */
    boolean scale(String service, int replicas);

    /** Queues the restart of every replica, one after the other; returns whether there is such a service. */
    boolean restart(String service);

    /** Queues the restart of one replica; returns whether there is such a one. */
    boolean restart(String service, String replica);

    /** Returns the last lines of the service's log, oldest first, {@code null} if there is none of that name. */
    @Nullable
    List<String> log(String service);

    /**
     * Hands every further line of the service's log to {@code reader}, on any thread, until the result is closed.
     *
     * @return {@code null} if there is no service of that name
     */
    @Nullable
    LogTap follow(String service, Consumer<String> reader);

    /** Ends the reading of a log. */
    interface LogTap extends AutoCloseable {
        @Override
        void close();
    }
}
