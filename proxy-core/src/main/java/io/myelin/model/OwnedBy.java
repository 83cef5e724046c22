package io.myelin.model;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the only thread that may touch the mutable state of a type.
 *
 * <p>A type with a non-final field carries this annotation, or makes each such field {@code volatile} or
 * {@code @GuardedBy}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface OwnedBy {
    Owner value();

    /** The thread roles of the process. */
    enum Owner {
        /** The control thread, which folds every change. */
        CONTROL,
        /** The event loop that the object was created for. */
        EVENT_LOOP,
        /** A registry client's own callback thread, one per registry connection. */
        REGISTRY,
        /** One of the event loops that run health checks. */
        HEALTH_LOOP,
        /** The event loop of the admin listener, or of another one that answers operators. */
        ADMIN_LOOP,
        /** Whichever thread runs the tasks of the {@code Serial} that the object has for itself. */
        SERIAL,
        /** The thread that keeps files and sends metrics for operators' tools. */
        TOOLS,
        /** The thread that starts, watches over and stops the replicas of this host. */
        REPLICAS,
        /** The event loop that keeps the state of Synse plugins. */
        PLUGINS,
        /** The thread that reads what one replica writes. */
        REPLICA_OUTPUT,
        /** The thread that writes access logs. */
        ACCESS_LOG,
        /** The thread that looks at configuration files. */
        CONFIG_FILES,
        /** The thread that builds the object; it is read-only once shared. */
        BUILDER
    }
}
