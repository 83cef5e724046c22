package io.myelin.admin;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.prometheus.metrics.model.snapshots.Labels;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;

/** The metrics of the Java virtual machine and its operating system process. */
final class JvmMetrics {
    private JvmMetrics() {}

    static void collect(MetricFamilies families) {
        collectMemory(families);
        collectCollectors(families);
        collectProcess(families);
    }

    private static void collectMemory(MetricFamilies families) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        families.gauge("myelin_jvm_heap_used_bytes", "Heap in use.", heap.getUsed(), Labels.EMPTY);
        families.gauge("myelin_jvm_heap_max_bytes", "Heap that may be used.", heap.getMax(), Labels.EMPTY);
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            if (pool.getName().equals("direct")) {
                direct(families, "jvm", pool.getMemoryUsed());
            }
        }
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator) {
            direct(families, "netty", allocator.metric().usedDirectMemory());
        }
    }

    private static void direct(MetricFamilies families, String owner, long bytes) {
        families.gauge(
                "myelin_jvm_direct_memory_used_bytes",
                "Memory outside the heap, as its owner counts it: netty's may be part of the jvm's.",
                bytes,
                Labels.of("owner", owner));
    }

    private static void collectCollectors(MetricFamilies families) {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            Labels labels = Labels.of("gc", collector.getName());
            families.counter(
                    "myelin_jvm_gc_seconds_total",
                    "Time spent collecting garbage.",
                    collector.getCollectionTime() / 1e3,
                    labels);
            families.counter(
                    "myelin_jvm_gc_collections_total", "Garbage collections.", collector.getCollectionCount(), labels);
        }
    }

    private static void collectProcess(MetricFamilies families) {
        families.gauge(
                "myelin_jvm_threads",
                "Live threads.",
                ManagementFactory.getThreadMXBean().getThreadCount(),
                Labels.EMPTY);
        families.gauge(
                "myelin_uptime_seconds",
                "Time since the process started.",
                ManagementFactory.getRuntimeMXBean().getUptime() / 1e3,
                Labels.EMPTY);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            families.gauge(
                    "myelin_process_open_files",
                    "Open file descriptors.",
                    system.getOpenFileDescriptorCount(),
                    Labels.EMPTY);
            families.counter(
                    "myelin_process_cpu_seconds_total",
                    "Processor time used.",
                    system.getProcessCpuTime() / 1e9,
                    Labels.EMPTY);
        }
    }
}
