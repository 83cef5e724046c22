package io.myelin.launcher.demo;

import io.myelin.launcher.process.Lifecycle;
import io.myelin.launcher.process.RunningProxy;
import io.myelin.pool.Pool;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether all endpoints that a world registered may take traffic. */
final class Gathering {
    private final DemoWorld world;
    private final RunningProxy proxy;
    private final Lifecycle lifecycle;
    private final CountDownLatch complete = new CountDownLatch(1);

    Gathering(DemoWorld world, RunningProxy proxy, Lifecycle lifecycle) {
        this.world = world;
        this.proxy = proxy;
        this.lifecycle = lifecycle;
    }

    /** Looks once. A process that is asked to stop need not wait for the rest. */
    void glance() {
        if (lifecycle.stopAsked() || world.services().stream().allMatch(this::complete)) {
            complete.countDown();
        }
    }

    /** Returns whether all were seen within {@code limit}. */
    boolean await(Duration limit) throws InterruptedException {
        return complete.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean complete(DemoService service) {
        Pool pool = proxy.assembly().view().pool(service.name());
        return pool != null
                && pool.snapshot().eligible().size()
                        >= world.endpointsOf(service).size();
    }
}
