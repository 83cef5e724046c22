package io.myelin.discovery.ec2tag;

import io.myelin.discovery.ec2tag.Aws.Environment;
import io.myelin.discovery.fetch.PolledProvider;
import io.myelin.discovery.polling.Hints;
import io.myelin.discovery.polling.Pace;
import io.myelin.model.RandomSource;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Services on tagged instances of EC2. What blocks in the SDK has a thread of its own, which is only there while it is
 * needed.
 */
public final class Ec2TagProvider extends PolledProvider<Ec2TagConfig> {
    /** An API that throttles is asked this many times less often. */
    private static final int SPARING = 8;

    private static final int IDLE_SECONDS = 5;

    private final ThreadPoolExecutor blocking = new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Ec2TagProvider::newThread);
    private final Aws aws;

    /** Called by the service loader. */
    public Ec2TagProvider() {
        this(Duration.ofSeconds(10), System::getenv, RandomSource.SYSTEM);
    }

    /** Creates a provider that waits so long for each answer. */
    Ec2TagProvider(Duration timeout, Environment environment, RandomSource random) {
        super("ec2tag", Ec2TagConfig.class, timeout, random);
        this.aws = new Aws(environment);
        blocking.allowCoreThreadTimeOut(true);
    }

    @Override
    protected Plan plan(Ec2TagConfig ec2, Tools tools) {
        return new Plan(
                "ec2tag " + ec2.tagText(),
                new Ec2TagPoll(ec2, aws, tools.fetcher(), tools.trusts(), blocking, tools.loop()),
                Hints.NONE,
                Pace.sparing(ec2.checkInterval(), SPARING));
    }

    @Override
    public void close() {
        blocking.shutdownNow();
    }

    private static Thread newThread(Runnable task) {
        Thread thread = new Thread(task, "ec2tag-credentials");
        thread.setDaemon(true);
        return thread;
    }
}
