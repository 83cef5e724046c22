package io.myelin.benchmarks.report;

import java.util.function.ToDoubleFunction;

/** The figures that contenders are compared by. */
@SuppressWarnings("ImmutableEnumChecker") // the functions are method references, which hold nothing
enum Figure {
    CPU("CPU/request", Sample::cpuMicros),
    USER("user", Sample::userMicros),
    SYSTEM("sys", Sample::systemMicros),
    THROUGHPUT("requests/s", Sample::perSecond),
    P50("p50", Sample::p50Micros),
    P99("p99", Sample::p99Micros),
    P999("p99.9", Sample::p999Micros);

    private final String title;
    private final ToDoubleFunction<Sample> of;

    Figure(String title, ToDoubleFunction<Sample> of) {
        this.title = title;
        this.of = of;
    }

    String title() {
        return title;
    }

    ToDoubleFunction<Sample> of() {
        return of;
    }
}
