package io.myelin.config;

import io.myelin.config.Problem.Severity;
import java.util.List;

/**
 * What reading configuration files came to.
 *
 * @param config everything that can be used
 * @param problems everything that was found wrong, in file order
 * @param brokenServices the names of services that cannot be used, in file order
 */
public record LoadedConfig(MyelinConfig config, List<Problem> problems, List<String> brokenServices) {
    public LoadedConfig {
        problems = List.copyOf(problems);
        brokenServices = List.copyOf(brokenServices);
    }

    public boolean hasErrors() {
        return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
    }

    /** Returns what makes it impossible to use what is said of Synse's plugins. */
    public List<Problem> synseErrors() {
        return problems.stream()
                .filter(problem -> problem.severity() == Severity.ERROR
                        && problem.service().equals(SynseConfig.NAME))
                .toList();
    }

    /** Returns whether an error concerns the files as a whole, so that no service of them may be started. */
    public boolean unusable() {
        return problems.stream()
                .anyMatch(problem -> problem.severity() == Severity.ERROR
                        && problem.service().isEmpty());
    }
}
