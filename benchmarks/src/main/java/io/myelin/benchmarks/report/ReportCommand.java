package io.myelin.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench report}: sums up the samples that {@code benchmarks/compare} collected. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Sums up samples (tab separated, the first line names the columns) as Markdown, and as JSON.")
@SuppressWarnings("FieldCanBeFinal") // the command line parser sets them
public final class ReportCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The samples.")
    private Path samples = Path.of("samples.tsv");

    @Option(names = "--subject", description = "Who is divided by the others; default ${DEFAULT-VALUE}.")
    private String subject = "myelin";

    @Option(names = "--json", paramLabel = "FILE", description = "Where the JSON goes; none if not given.")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException {
        Comparison comparison = new Comparison(
                Files.readAllLines(samples).stream().skip(1).map(Sample::parse).toList());
        if (json != null) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), tree(comparison));
        }
        if (spec != null) {
            spec.commandLine().getOut().print(new MarkdownReport(comparison, subject));
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    private Map<String, Object> tree(Comparison comparison) {
        List<Map<String, Object>> ratios = new ArrayList<>();
        for (String workload : comparison.workloads()) {
            for (String other : comparison.contenders(workload)) {
                Map<String, Object> figures = new LinkedHashMap<>();
                Stream.of(Figure.values()).forEach(figure -> {
                    Spread ratio = comparison.ratio(workload, subject, other, figure.of());
                    if (ratio != null) {
                        figures.put(figure.title(), ratio);
                    }
                });
                if (!other.equals(subject) && !figures.isEmpty()) {
                    ratios.add(Map.of("workload", workload, "ratio", subject + "/" + other, "figures", figures));
                }
            }
        }
        return Map.of("ratios", ratios, "samples", comparison.samples());
    }
}
