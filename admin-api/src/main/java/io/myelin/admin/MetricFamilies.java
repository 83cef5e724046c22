package io.myelin.admin;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The metrics of one scrape, collected series by series.
 *
 * <p>Of several series with one name and the same labels the first is kept, because a scrape with duplicates is refused
 * as a whole.
 */
final class MetricFamilies {
    private static final String COUNTER_SUFFIX = "_total";

    private final Map<String, Family<CounterDataPointSnapshot>> counters = new LinkedHashMap<>();
    private final Map<String, Family<GaugeDataPointSnapshot>> gauges = new LinkedHashMap<>();
    private final Map<String, Family<HistogramDataPointSnapshot>> histograms = new LinkedHashMap<>();
    private final Map<String, Family<SummaryDataPointSnapshot>> summaries = new LinkedHashMap<>();

    /** The series of one name. */
    private record Family<P extends DataPointSnapshot>(MetricMetadata metadata, Map<Labels, P> points) {
        static <P extends DataPointSnapshot> void add(
                Map<String, Family<P>> families, String name, String help, P point) {
            families.computeIfAbsent(name, key -> new Family<>(new MetricMetadata(name, help), new LinkedHashMap<>()))
                    .points
                    .putIfAbsent(point.getLabels(), point);
        }
    }

    static MetricSnapshots of(ProcessView view, Times times) {
        MetricFamilies families = new MetricFamilies();
        ProcessMetrics.collect(view, families);
        view.pools().forEach(pool -> {
            PoolMetrics.collect(PoolReading.of(pool), times, families);
            PoolMetrics.collectChecks(pool.name(), view.checks(pool.name()), families);
        });
        view.announcements().forEach(announcement -> AnnounceMetrics.collect(announcement, families));
        JvmMetrics.collect(families);
        return families.snapshots();
    }

    /** Adds a series; {@code name} ends in {@code _total}. */
    void counter(String name, String help, Number value, Labels labels) {
        String stem = name.substring(0, name.length() - COUNTER_SUFFIX.length());
        Family.add(
                counters, stem, help, new CounterDataPointSnapshot(Math.max(0, value.doubleValue()), labels, null, 0));
    }

    void gauge(String name, String help, Number value, Labels labels) {
        Family.add(gauges, name, help, new GaugeDataPointSnapshot(value.doubleValue(), labels, null));
    }

    /** Adds a classic histogram. */
    void histogram(String name, String help, SecondsBuckets buckets, Labels labels) {
        HistogramDataPointSnapshot point =
                new HistogramDataPointSnapshot(buckets.classic(), buckets.sum(), labels, Exemplars.EMPTY, 0);
        Family.add(histograms, name, help, point);
    }

    /** Adds a count and a sum, without quantiles, which could not be added up across processes. */
    void summary(String name, String help, SecondsBuckets buckets, Labels labels) {
        SummaryDataPointSnapshot point = new SummaryDataPointSnapshot(
                buckets.count(), buckets.sum(), Quantiles.EMPTY, labels, Exemplars.EMPTY, 0);
        Family.add(summaries, name, help, point);
    }

    private MetricSnapshots snapshots() {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        freeze(counters, CounterSnapshot::new, snapshots);
        freeze(gauges, GaugeSnapshot::new, snapshots);
        freeze(histograms, HistogramSnapshot::new, snapshots);
        freeze(summaries, SummarySnapshot::new, snapshots);
        return new MetricSnapshots(snapshots);
    }

    private static <P extends DataPointSnapshot> void freeze(
            Map<String, Family<P>> families,
            BiFunction<MetricMetadata, Collection<P>, MetricSnapshot> kind,
            List<MetricSnapshot> snapshots) {
        families.values()
                .forEach(family -> snapshots.add(
                        kind.apply(family.metadata(), family.points().values())));
    }
}
