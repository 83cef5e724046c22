package io.myelin.config.reader;

import io.myelin.config.AnnounceSettings;
import io.myelin.config.ApplicationConfig;
import io.myelin.config.LoadedConfig;
import io.myelin.config.MyelinConfig;
import io.myelin.config.ReloadConfig;
import io.myelin.config.ServiceConfig;
import io.myelin.config.SynseConfig;
import io.myelin.config.document.DocumentReader;
import io.myelin.config.document.Mapping;
import io.myelin.config.document.Place;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.haproxy.Line;
import io.myelin.config.operator.OperatorConfig;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads configuration files into one configuration.
 *
 * <p>Bad content is never an exception: everything wrong in every file is reported at once, and a service that cannot
 * be used is left out without harm to the others.
 */
public final class ConfigReader {
    private final Function<String, @Nullable String> environment;
    private final Set<String> variables;
    private final @Nullable String instanceId;

    /** Creates a reader of files whose templates ask for the environment of this process. */
    public ConfigReader() {
        this(System::getenv, System.getenv().keySet(), null);
    }

    /**
     * Creates a reader.
     *
     * @param environment returns the value of an environment variable, {@code null} if it is not set
     */
    public ConfigReader(Function<String, @Nullable String> environment) {
        this(environment, Set.of(), null);
    }

    /** Creates a reader of files whose templates and variables are those of another environment than this process's. */
    public ConfigReader(Map<String, String> environment) {
        this(environment::get, environment.keySet(), null);
    }

    /**
     * Creates a reader of files whose templates ask for the environment of this process.
     *
     * @param instanceId what the instances of this host are called, whatever the files say; {@code null} to leave it to
     *     them
     */
    public ConfigReader(@Nullable String instanceId) {
        this(System::getenv, System.getenv().keySet(), instanceId);
    }

    private ConfigReader(
            Function<String, @Nullable String> environment, Set<String> variables, @Nullable String instanceId) {
        this.environment = environment;
        this.variables = Set.copyOf(variables);
        this.instanceId = instanceId;
    }

    /** Returns whether {@code environment} has variables that say what Synse's {@code config.yml} does. */
    public static boolean synseIn(Map<String, String> environment) {
        return SynseVariables.of(environment.keySet().stream(), environment::get)
                .sayAnything();
    }

    /** Returns what {@code files}, put together, say. */
    public LoadedConfig read(List<Path> files) {
        return parse(files).load();
    }

    /** Returns {@code files} as they are now, whose problems come with what is made of them. */
    public ParsedFiles parse(List<Path> files) {
        Problems problems = new Problems();
        DocumentReader reader = new DocumentReader(problems, environment);
        ServiceDirectory directory = new ServiceDirectory(reader, problems);
        Surroundings surroundings = new Surroundings(reader, environment, variables);
        List<Mapping> documents = new ArrayList<>();
        for (Path file : files) {
            Mapping document = reader.read(file);
            if (document != null) {
                documents.add(document);
            }
        }
        MergedFiles once = new MergedFiles(directory, surroundings, new Problems());
        documents.forEach(once::add);
        List<String> order = Stream.concat(files.stream().map(Path::toString), once.serviceFiles().stream())
                .toList();
        return new ParsedFiles(documents, directory, surroundings, problems.inOrderOf(order), order, instanceId);
    }

    /** Puts together what files and registries hold. */
    static LoadedConfig assemble(
            List<Mapping> documents,
            ServiceDirectory directory,
            Surroundings surroundings,
            Problems problems,
            List<String> order,
            Map<String, String> registries,
            @Nullable String instanceId) {
        MergedFiles merged = new MergedFiles(directory, surroundings, problems);
        documents.forEach(merged::add);
        merged.addServiceFiles();
        registries.forEach(merged::overlay);
        return new Assembly(merged, instanceId, directory.places(), surroundings, problems).load(order);
    }

    /** Puts together what the files hold. */
    private static final class Assembly {
        private final MergedFiles files;
        private final @Nullable String instanceId;
        private final List<Path> places;
        private final Surroundings surroundings;
        private final Problems problems;
        private final Claims claims;
        private final ExtraSections extra;

        Assembly(
                MergedFiles files,
                @Nullable String instanceId,
                List<Path> places,
                Surroundings surroundings,
                Problems problems) {
            this.files = files;
            this.instanceId = instanceId;
            this.places = places;
            this.surroundings = surroundings;
            this.problems = problems;
            this.claims = new Claims(problems);
            this.extra = ExtraSections.of(files.single("haproxy"), List.copyOf(files.names()), problems);
        }

        /** Returns the names of all services, broken or not. */
        private List<String> names() {
            return Stream.concat(files.names().stream(), extra.names().stream()).toList();
        }

        LoadedConfig load(List<String> order) {
            HaproxyTop top = HaproxyTop.read(files.single("haproxy"));
            AccessLogReader accessLog = accessLog(top);
            ApplicationReader application = new ApplicationReader(files.tye(), accessLog, problems);
            BindAddress admin = admin(application);
            int maxConnections = maxConnections(top);
            List<ServiceDraft> read = drafts(top, accessLog, application);
            ReloadConfig reload = reload();
            read.addAll(extra.services(top, accessLog, surroundings));
            Targets targets = new Targets(names(), read, problems);
            List<ServiceDraft> drafts = new Tracks(read, targets, problems).resolved();
            List<ListenerDraft> frontends = frontends(top, drafts, targets, accessLog, application);
            List<ServiceDraft> routed = drafts.stream()
                    .map(draft -> draft.withRoutes(targets.routes(draft.rules()))
                            .withRules(rules -> targets.rules(rules, draft.where())))
                    .toList();
            routed.stream().map(ServiceDraft::listener).filter(Objects::nonNull).forEach(claims::take);
            OperatorConfig operators = new OperatorReader(files, extra, claims, problems).read();
            reportUnreachable(routed, frontends, application);
            boolean anyAdminPort = files.single("admin") == null && application.anyAdminPort();
            if (anyAdminPort && claims.taken(admin.port())) {
                admin = admin.at(0);
            }
            AnnounceSettings announce = announce(drafts);
            SynseConfig synse = SynseReader.read(files.synse(), order.isEmpty(), surroundings, claims, problems);
            boolean others = files.nerve().present() || files.synse().section() != null;
            if (names().isEmpty() && !others && !order.isEmpty() && !problems.broke("")) {
                problems.warning(new Where(Place.wholeOf(order.get(0)), "services", ""), "there are none");
            }
            requireNoError(order);
            return result(
                    admin,
                    maxConnections,
                    reload,
                    operators,
                    routed,
                    frontends,
                    announce,
                    application.config(routed, anyAdminPort, files.single("replicas")),
                    synse,
                    order);
        }

        private AnnounceSettings announce(List<ServiceDraft> drafts) {
            Map<String, DiscoveryConfig> discoveries = new HashMap<>();
            drafts.forEach(draft -> discoveries.put(draft.name(), draft.discovery()));
            return new AnnouncementsReader(files, instanceId, problems).read(discoveries::get);
        }

        private AccessLogReader accessLog(HaproxyTop top) {
            Section section = files.single("access_log");
            if (section != null && !top.logs().destinations().isEmpty()) {
                problems.warning(section.where(), "is used instead of the log lines of haproxy.global");
            }
            return new AccessLogReader(section);
        }

        private List<ServiceDraft> drafts(HaproxyTop top, AccessLogReader accessLog, ApplicationReader application) {
            List<ServiceDraft> drafts = new ArrayList<>();
            files.services().forEach((name, section) -> {
                ServiceDraft draft = new ServiceReader(name, section, top, accessLog, surroundings).read();
                if (draft != null) {
                    drafts.addAll(files.copies().withCopies(draft));
                    drafts.addAll(ApplicationReader.further(draft, top.bindHost()));
                }
            });
            drafts.addAll(application.drafts(files.services()));
            return drafts;
        }

        private List<ListenerDraft> frontends(
                HaproxyTop top,
                List<ServiceDraft> drafts,
                Targets targets,
                AccessLogReader accessLog,
                ApplicationReader application) {
            List<ListenerDraft> frontends = new ArrayList<>();
            ListenerDraft shared = shared(top, drafts, targets, accessLog);
            if (shared != null) {
                frontends.add(shared);
            }
            frontends.addAll(extra.frontends(top, targets, accessLog));
            frontends.addAll(new FrontendsReader(files.frontends(), targets, accessLog, problems).read(drafts));
            frontends.addAll(application.ingress(targets));
            frontends.forEach(claims::take);
            return frontends;
        }

        private @Nullable ListenerDraft shared(
                HaproxyTop top, List<ServiceDraft> drafts, Targets targets, AccessLogReader accessLog) {
            List<Line> lines = top.sharedFrontend();
            Section haproxy = files.single("haproxy");
            if (lines != null && haproxy != null) {
                Where where = haproxy.whereKey("shared_frontend");
                return new SharedFrontendReader(top, targets, accessLog, problems).read(lines, drafts, where);
            }
            for (ServiceDraft draft : drafts) {
                draft.sharedLines().stream()
                        .limit(1)
                        .forEach(line -> problems.warning(
                                line.where(), "has no effect: there is no top-level haproxy.shared_frontend"));
            }
            return null;
        }

        /** Reports services that no traffic can come to. */
        private void reportUnreachable(
                List<ServiceDraft> services, List<ListenerDraft> frontends, ApplicationReader application) {
            Set<@Nullable String> reached = new HashSet<>();
            Stream<ListenerDraft> own =
                    services.stream().map(ServiceDraft::listener).filter(Objects::nonNull);
            Stream.concat(own, frontends.stream()).forEach(listener -> {
                reached.add(listener.fallback());
                listener.routes().forEach(route -> reached.add(route.pool()));
            });
            for (ServiceDraft service : services) {
                boolean expected = !files.copies().isFurtherCopy(service.name())
                        && !application.owns(service.name())
                        && service.replicated() == null;
                if (expected && !reached.contains(service.name()) && !problems.broke(service.name())) {
                    problems.warning(service.where(), "takes no traffic: it has no port, and no route leads to it");
                }
            }
        }

        private BindAddress admin(ApplicationReader application) {
            Section admin = files.single("admin");
            if (admin == null) {
                return application.admin(claims);
            }
            admin.allow(Keys.ADMIN);
            String text = admin.text("address");
            BindAddress address = text == null ? MyelinConfig.DEFAULT_ADMIN : BindLine.parse(text);
            if (address == null || address.unix()) {
                problems.error(admin.where("address"), String.valueOf(text), "ADDRESS:PORT, such as 127.0.0.1:9901");
                return MyelinConfig.DEFAULT_ADMIN;
            }
            claims.take("admin", address, admin.where("address"));
            return address.with(address.options().withTls(TlsReader.ofAdmin(admin)));
        }

        private ReloadConfig reload() {
            Section reload = files.single("reload");
            List<Path> watched = Stream.concat(places.stream(), surroundings.places().stream())
                    .toList();
            if (reload == null) {
                return new ReloadConfig(false, ReloadConfig.DEFAULT_INTERVAL, watched);
            }
            reload.allow(Keys.RELOAD);
            return new ReloadConfig(
                    reload.flag("watch", false),
                    reload.positiveDuration("interval", ReloadConfig.DEFAULT_INTERVAL),
                    watched);
        }

        /** With {@code strict}, makes the error of any service one of the files as a whole. */
        private void requireNoError(List<String> order) {
            List<String> broken = names().stream().filter(problems::broke).toList();
            if (files.strict() && !broken.isEmpty()) {
                problems.error(
                        new Where(Place.wholeOf(order.get(0)), "strict", ""),
                        "nothing is used because of errors in " + String.join(", ", broken),
                        "no error");
            }
        }

        private int maxConnections(HaproxyTop top) {
            Section limits = files.single("limits");
            if (limits == null) {
                return top.maxConnections();
            }
            limits.allow(Keys.PROCESS_LIMITS);
            return limits.number("connections", 1, Overrides.MOST, top.maxConnections());
        }

        private LoadedConfig result(
                BindAddress admin,
                int maxConnections,
                ReloadConfig reload,
                OperatorConfig operators,
                List<ServiceDraft> drafts,
                List<ListenerDraft> frontends,
                AnnounceSettings announce,
                ApplicationConfig application,
                @Nullable SynseConfig synse,
                List<String> order) {
            files.copies().reportBroken(drafts);
            List<ServiceConfig> services = drafts.stream()
                    .filter(draft -> !problems.broke(draft.name())
                            && !problems.broke(draft.where().service()))
                    .map(ServiceDraft::toConfig)
                    .toList();
            List<ListenerConfig> listeners = new ArrayList<>();
            for (ListenerDraft frontend : frontends) {
                ListenerConfig listener = frontend.toConfig();
                boolean harmed = problems.broke(frontend.where().service());
                if (listener != null && !harmed) {
                    listeners.add(listener);
                }
            }
            List<String> broken = names().stream().filter(problems::broke).toList();
            return new LoadedConfig(
                    new MyelinConfig(
                            services,
                            listeners,
                            admin,
                            maxConnections,
                            reload,
                            operators,
                            announce,
                            application,
                            synse),
                    problems.inOrderOf(order),
                    broken);
        }
    }
}
