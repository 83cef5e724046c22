package io.myelin.benchmarks.conformance;

import io.myelin.benchmarks.conformance.Suite.Result;
import io.myelin.benchmarks.conformance.Verdict.Grade;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench conformance}: what Myelin, HAProxy and nginx make of the same cases. */
@Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        description = {
            "Puts Myelin, HAProxy and nginx through the cases of HTTP/1 on loopback ports, and prints as Markdown how"
                    + " many each passes, and which it does not. Ends with 1 if Myelin misses one."
        })
@SuppressWarnings("FieldCanBeFinal") // the command line parser sets them
public final class ConformanceCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--haproxy", paramLabel = "FILE", description = "Default: ${DEFAULT-VALUE}.")
    private Path haproxy = Path.of("/usr/sbin/haproxy");

    @Option(names = "--nginx", paramLabel = "FILE", description = "Default: ${DEFAULT-VALUE}.")
    private Path nginx = Path.of("/usr/sbin/nginx");

    @Option(names = "--only", paramLabel = "TEXT", description = "Cases whose category or name contains it.")
    private String only = "";

    @Override
    public Integer call() throws InterruptedException {
        CommandLine line = spec == null ? new CommandLine(this) : spec.commandLine();
        PrintWriter err = line.getErr();
        List<ConformanceCase> cases = Suite.cases().stream()
                .filter(one -> one.category().contains(only) || one.name().contains(only))
                .toList();
        Map<String, List<Result>> results = new LinkedHashMap<>();
        for (Contender contender : contenders(err)) {
            try (contender) {
                results.put(contender.name(), Suite.run(contender, cases));
            } catch (IOException e) {
                err.println(contender.name() + " is left out: " + e.getMessage());
            }
        }
        line.getOut().println(new ConformanceReport(results));
        return results.getOrDefault("Myelin", List.of()).stream()
                        .allMatch(result -> result.verdict().grade() == Grade.PASS)
                ? 0
                : 1;
    }

    private List<Contender> contenders(PrintWriter err) {
        List<Contender> contenders = new ArrayList<>(List.of(new MyelinContender()));
        for (Program program :
                List.of(new Program("HAProxy", haproxy, new Haproxy()), new Program("nginx", nginx, new Nginx()))) {
            if (Files.isExecutable(program.binary())) {
                contenders.add(new ProgramContender(program));
            } else {
                err.println(program.name() + " is left out: no program at " + program.binary());
            }
        }
        return contenders;
    }
}
