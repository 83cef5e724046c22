package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.reader.TyeFiles.Described;
import io.myelin.health.replica.ConnectionString;
import io.myelin.health.replica.ConnectionString.Subject;
import io.myelin.health.replica.ConnectionString.Token;
import io.myelin.health.replica.Launch;
import io.myelin.health.replica.ReplicaBinding;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.UpstreamConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the services of Tye's files. */
final class TyeServicesReader {
    /** What Tye can start and Myelin cannot, and what takes its place. */
    private static final Map<String, String> REFUSED = refused();

    private static final List<String> WITHOUT_EFFECT = List.of("tags", "build", "buildProperties");
    private static final String KINDS = "one of executable, image, external, include";

    private final TyeFiles files;
    private final Problems problems;

    TyeServicesReader(TyeFiles files, Problems problems) {
        this.files = files;
        this.problems = problems;
    }

    private static Map<String, String> refused() {
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put(
                "project", "executable: dotnet with args: run --project PATH, or executable: PATH of what it built");
        refused.put("dockerFile", "image: NAME of what docker build made of it");
        refused.put("azureFunction", "executable: func with args: start and workingDirectory: PATH");
        refused.put("repository", "include: PATH of the tye.yaml in a clone of it");
        return refused;
    }

    /** Returns the services that can be read; those with a mistake are reported and left out. */
    List<Replicated> read() {
        List<Replicated> services = new ArrayList<>();
        for (Described described : files.services()) {
            Replicated service = service(described);
            if (service != null && !problems.broke(described.name())) {
                services.add(service);
            }
        }
        services.forEach(service -> checkTokens(service, services));
        services.removeIf(service -> problems.broke(service.config().name()));
        return services;
    }

    /** Returns a pool without limits to silence: somebody may be at a breakpoint. */
    static PoolConfig template(String name) {
        return PoolConfig.named(name)
                .with()
                .upstream(UpstreamConfig.DEFAULT
                        .with()
                        .serverTimeout(Duration.ZERO)
                        .build())
                .build();
    }

    private @Nullable Replicated service(Described described) {
        Section section = described.section();
        Dialect.TYE.allow(section, TyeKeys.SERVICE);
        for (String key : WITHOUT_EFFECT) {
            if (section.has(key)) {
                problems.warning(section.whereKey(key), "has no effect: Myelin builds nothing and runs every service");
            }
        }
        Launch launch = launch(section, described);
        if (launch == null) {
            return null;
        }
        List<BindingDraft> bindings = new BindingsReader(Dialect.TYE, described.name(), launch, problems).read(section);
        return new ReplicatedReader(Dialect.TYE, files.surroundings(), problems)
                .read(described.name(), section, launch, described.folder(), bindings);
    }

    private @Nullable Launch launch(Section section, Described described) {
        for (Map.Entry<String, String> refused : REFUSED.entrySet()) {
            if (section.has(refused.getKey())) {
                problems.error(
                        section.whereKey(refused.getKey()),
                        "Myelin runs what is built, and cannot run a " + refused.getKey(),
                        refused.getValue());
                return null;
            }
        }
        boolean external = section.flag("external", false);
        boolean started = section.has("executable") || section.has("image");
        if (external && started) {
            problems.error(section.whereKey("external"), "is set beside what is started here", "one of them");
        }
        if (external) {
            return new Launch.External();
        }
        if (!started) {
            problems.error(section.where(), "Unable to determine service type", KINDS);
            return null;
        }
        return new LaunchReader(Dialect.TYE, described.engine(), described.folder(), problems).read(section);
    }

    /** Reports tokens of connection strings that ask for what is not there. */
    private void checkTokens(Replicated service, List<Replicated> services) {
        for (BindingDraft draft : service.bindings()) {
            for (Token token : tokens(draft.binding())) {
                String missing = missing(token, service, services);
                if (!missing.isEmpty()) {
                    problems.error(
                            draft.where()
                                    .child("connectionString", draft.where().place()),
                            missing,
                            ConnectionString.FORMS);
                }
            }
        }
    }

    private static List<Token> tokens(ReplicaBinding binding) {
        try {
            return ConnectionString.of(binding.connectionString()).tokens();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private String missing(Token token, Replicated service, List<Replicated> services) {
        if (token.subject() == Subject.VARIABLE) {
            boolean known = service.config().environment().containsKey(token.variable())
                    || files.surroundings().has(token.variable());
            return known ? "" : "the environment variable " + token.variable() + " is not set";
        }
        if (token.service().isEmpty()) {
            return "";
        }
        List<ReplicaBinding> bindings = services.stream()
                .map(Replicated::config)
                .filter(other -> other.name().equals(token.service()))
                .flatMap(other -> other.bindings().stream())
                .filter(binding -> token.binding().isEmpty() || binding.name().equals(token.binding()))
                .toList();
        String asked = token.binding().isEmpty() ? "" : " named " + token.binding();
        return bindings.isEmpty() ? "service " + token.service() + " has no binding" + asked : "";
    }
}
