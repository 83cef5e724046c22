package io.myelin.admin;

import static io.myelin.admin.Family.counter;
import static io.myelin.admin.Family.gauge;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of the Java virtual machine and its operating system process.
 *
 * @param system {@code null} where the system does not tell
 */
record JvmMetrics(MemoryUsage heap, @Nullable UnixOperatingSystemMXBean system) {
    static final List<Family<JvmMetrics>> FAMILIES = List.of(
            gauge(
                    "myelin_jvm_heap_used_bytes",
                    "Heap in use.",
                    (jvm, text) -> text.value(jvm.heap().getUsed())),
            gauge(
                    "myelin_jvm_heap_max_bytes",
                    "Heap that may be used.",
                    (jvm, text) -> text.value(jvm.heap().getMax())),
            gauge(
                    "myelin_jvm_direct_memory_used_bytes",
                    "Memory outside the heap, as its owner counts it: netty's may be part of the jvm's.",
                    (jvm, text) -> writeDirect(text)),
            counter("myelin_jvm_gc_seconds_total", "Time spent collecting garbage.", (jvm, text) -> {
                for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
                    text.label("gc", collector.getName()).value(collector.getCollectionTime() / 1e3);
                }
            }),
            counter("myelin_jvm_gc_collections_total", "Garbage collections.", (jvm, text) -> {
                for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
                    text.label("gc", collector.getName()).value(collector.getCollectionCount());
                }
            }),
            gauge(
                    "myelin_jvm_threads",
                    "Live threads.",
                    (jvm, text) ->
                            text.value(ManagementFactory.getThreadMXBean().getThreadCount())),
            gauge(
                    "myelin_uptime_seconds",
                    "Time since the process started.",
                    (jvm, text) ->
                            text.value(ManagementFactory.getRuntimeMXBean().getUptime() / 1e3)),
            gauge("myelin_process_open_files", "Open file descriptors.", (jvm, text) -> {
                if (jvm.system() != null) {
                    text.value(jvm.system().getOpenFileDescriptorCount());
                }
            }),
            counter("myelin_process_cpu_seconds_total", "Processor time used.", (jvm, text) -> {
                if (jvm.system() != null) {
                    text.value(jvm.system().getProcessCpuTime() / 1e9);
                }
            }));

    static JvmMetrics now() {
        return new JvmMetrics(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage(),
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                        ? system
                        : null);
    }

    private static void writeDirect(MetricText text) {
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            if (pool.getName().equals("direct")) {
                text.label("owner", "jvm").value(pool.getMemoryUsed());
            }
        }
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator) {
            text.label("owner", "netty").value(allocator.metric().usedDirectMemory());
        }
    }
}
