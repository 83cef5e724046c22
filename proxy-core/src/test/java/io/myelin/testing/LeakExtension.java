package io.myelin.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class that lost a buffer. Registered for every class by JUnit's automatic detection. */
public final class LeakExtension implements AfterAllCallback {
    private static final long COLLECTION_LIMIT_MILLIS = 30_000;

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        if (context.getTestClass().map(Class::isMemberClass).orElse(false)) {
            return;
        }
        collectGarbage();
        // The detector looks for lost buffers whenever a new one is allocated.
        ByteBufAllocator.DEFAULT.buffer(1).release();
        ByteBufAllocator.DEFAULT.heapBuffer(1).release();
        List<String> leaks = List.copyOf(RecordingLeakDetector.LEAKS);
        RecordingLeakDetector.LEAKS.clear();
        assertThat(leaks).as("buffers that were never released").isEmpty();
    }

    /** Returns once an object that nobody holds has been collected, and with it every lost buffer. */
    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> witness = new PhantomReference<>(new Object(), queue);
        System.gc();
        assertThat(queue.remove(COLLECTION_LIMIT_MILLIS))
                .as("collected witness")
                .isSameAs(witness);
    }
}
