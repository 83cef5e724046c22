package io.myelin.benchmarks.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a whole comparison.
 *
 * <p>Ratios are taken within a round, where both contenders met the same state of the machine, and then summed up over
 * the rounds; the ratio of two medians would mix rounds.
 */
record Comparison(List<Sample> samples) {
    Comparison {
        samples = List.copyOf(samples);
    }

    List<String> workloads() {
        return samples.stream().map(Sample::workload).distinct().toList();
    }

    List<String> contenders(String workload) {
        return samples.stream()
                .filter(sample -> sample.workload().equals(workload))
                .filter(sample -> sample.requests() > 0)
                .map(Sample::contender)
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns the spread over the rounds of one figure of one contender. */
    Spread spread(String workload, String contender, ToDoubleFunction<Sample> figure) {
        return Spread.of(
                rounds(workload, contender).stream().mapToDouble(figure).toArray());
    }

    /**
     * Returns the spread of {@code contender}'s figure divided by {@code other}'s of the same round. Rounds that either
     * missed, or in which the other's figure is 0, do not count; {@code null} if none is left.
     */
    @Nullable
    Spread ratio(String workload, String contender, String other, ToDoubleFunction<Sample> figure) {
        List<Sample> others = rounds(workload, other);
        double[] ratios = rounds(workload, contender).stream()
                .flatMapToDouble(sample -> others.stream()
                        .filter(candidate -> candidate.round() == sample.round())
                        .filter(candidate -> figure.applyAsDouble(candidate) > 0)
                        .mapToDouble(candidate -> figure.applyAsDouble(sample) / figure.applyAsDouble(candidate)))
                .toArray();
        return ratios.length == 0 ? null : Spread.of(ratios);
    }

    private List<Sample> rounds(String workload, String contender) {
        return samples.stream()
                .filter(sample -> sample.workload().equals(workload))
                .filter(sample -> sample.contender().equals(contender))
                .filter(sample -> sample.requests() > 0)
                .toList();
    }
}
